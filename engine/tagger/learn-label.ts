/**
 * @file What yes and no answers teach a label.
 *
 * The most probable direction and bias after the answers (logistic regression), where before them the
 * direction is the wordings' and both may move a little: a normal prior around it. With few answers and
 * many dimensions it is solved in the answers' own space (the representer theorem: the direction moves
 * by a sum of answered photos), so it costs as little as there are answers. Deterministic.
 */

/** One answered photo. */
export interface AnsweredPhoto {
	/** Float32 [dimensions], unit length. */
	vector: Float32Array;
	/** Of its score line: log odds = slope * (direction . vector) + offset. */
	slope: number;
	offset: number;
	fits: boolean;
}

/** Inverse variances of the prior: how hard the direction and the bias are to move. */
const stiffness = { direction: 60, bias: 3 } as const;
const mostSteps = 100;

/**
 * @param direction Float32 [dimensions]: where the wordings point.
 * @returns the direction and bias that the answers make most probable.
 */
export function learnFromAnswers(
	direction: Float32Array,
	answers: readonly AnsweredPhoto[],
): { direction: Float32Array; bias: number } {
	const count = answers.length;
	if (count === 0) return { direction, bias: 0 };
	const start = answers.map(({ vector, slope, offset }) => slope * dot(direction, vector) + offset);
	const kernel = answers.map((one) =>
		answers.map(
			(other) =>
				(one.slope * other.slope * dot(one.vector, other.vector)) / stiffness.direction +
				1 / stiffness.bias,
		),
	);
	const logOddsFor = (pulls: readonly number[]) =>
		start.map((base, at) => base + sumOver(kernel[at] ?? [], pulls));
	const loss = (pulls: readonly number[]) => {
		const logOdds = logOddsFor(pulls);
		const misfit = logOdds.reduce(
			(sum, value, at) => sum + softplus(answers[at]?.fits ? -value : value),
			0,
		);
		const moved = pulls.reduce((sum, pull, at) => sum + pull * sumOver(kernel[at] ?? [], pulls), 0);
		return misfit + moved / 2;
	};
	let pulls = answers.map(() => 0);
	let present = loss(pulls);
	for (let step = 0; step < mostSteps; step++) {
		const wanted = newtonPulls(kernel, logOddsFor(pulls), pulls, answers);
		// Newton's step, halved until it helps: from far away the whole one overshoots.
		let share = 1;
		let better: number[] | null = null;
		while (share > 1e-4) {
			const tried = pulls.map((pull, at) => pull + share * ((wanted[at] ?? 0) - pull));
			const value = loss(tried);
			if (value < present - 1e-9) {
				better = tried;
				present = value;
				break;
			}
			share /= 2;
		}
		if (better === null) break;
		pulls = better;
	}
	const learned = direction.slice();
	let bias = 0;
	for (const [at, { vector, slope }] of answers.entries()) {
		const pull = pulls[at] ?? 0;
		bias += pull / stiffness.bias;
		for (let place = 0; place < learned.length; place++) {
			learned[place] =
				(learned[place] ?? 0) + (pull * slope * (vector[place] ?? 0)) / stiffness.direction;
		}
	}
	return { direction: learned, bias };
}

/** Solves (W K + I) pulls = W (K pulls_now) + (y - p): Newton's step of the dual problem. */
function newtonPulls(
	kernel: readonly number[][],
	logOdds: readonly number[],
	pulls: readonly number[],
	answers: readonly AnsweredPhoto[],
): number[] {
	const rows = kernel.map((row, at) => {
		const likely = 1 / (1 + Math.exp(-(logOdds[at] ?? 0)));
		const weight = Math.max(likely * (1 - likely), 1e-9);
		const right = weight * sumOver(row, pulls) + (answers[at]?.fits ? 1 : 0) - likely;
		return [...row.map((value, column) => weight * value + (column === at ? 1 : 0)), right];
	});
	return solve(rows);
}

/** Gaussian elimination with partial pivoting of [n, n + 1]. */
function solve(rows: number[][]): number[] {
	const count = rows.length;
	for (let column = 0; column < count; column++) {
		let pivot = column;
		for (let row = column + 1; row < count; row++) {
			if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
		}
		const swapped = rows[column] ?? [];
		rows[column] = rows[pivot] ?? [];
		rows[pivot] = swapped;
		const lead = rows[column] ?? [];
		for (let row = column + 1; row < count; row++) {
			const target = rows[row] ?? [];
			const factor = (target[column] ?? 0) / (lead[column] ?? 1);
			for (let at = column; at <= count; at++) {
				target[at] = (target[at] ?? 0) - factor * (lead[at] ?? 0);
			}
		}
	}
	const answer = new Array<number>(count).fill(0);
	for (let row = count - 1; row >= 0; row--) {
		const line = rows[row] ?? [];
		let value = line[count] ?? 0;
		for (let at = row + 1; at < count; at++) value -= (line[at] ?? 0) * (answer[at] ?? 0);
		answer[row] = value / (line[row] ?? 1);
	}
	return answer;
}

function sumOver(row: readonly number[], values: readonly number[]): number {
	let sum = 0;
	for (let at = 0; at < row.length; at++) sum += (row[at] ?? 0) * (values[at] ?? 0);
	return sum;
}

function dot(one: Float32Array, other: Float32Array): number {
	let sum = 0;
	for (let at = 0; at < one.length; at++) sum += (one[at] ?? 0) * (other[at] ?? 0);
	return sum;
}

/** log(1 + exp(value)), without overflow. */
function softplus(value: number): number {
	return value > 0 ? value + Math.log1p(Math.exp(-value)) : Math.log1p(Math.exp(value));
}
