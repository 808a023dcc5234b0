/** @file From probabilities of characters at each step to a text. */

export interface ReadText {
	text: string;
	/** Mean probability of the characters; 0 for an empty text. */
	confidence: number;
}

/**
 * Best path decoding of connectionist temporal classification (Graves et al. 2006): the likeliest class
 * of each step, repeated ones once, nothing left out.
 * @param probabilities Float32 [steps, classes]; class 0 is "nothing".
 */
export function readBestPath(probabilities: Float32Array, classes: readonly string[]): ReadText {
	let text = "";
	let sum = 0;
	let characters = 0;
	let previous = 0;
	for (let start = 0; start < probabilities.length; start += classes.length) {
		let best = 0;
		let highest = probabilities[start] ?? 0;
		for (let at = 1; at < classes.length; at++) {
			const value = probabilities[start + at] ?? 0;
			if (value > highest) {
				highest = value;
				best = at;
			}
		}
		if (best !== 0 && best !== previous) {
			text += classes[best] ?? "";
			sum += highest;
			characters += 1;
		}
		previous = best;
	}
	return { text: text.trim(), confidence: characters === 0 ? 0 : sum / characters };
}
