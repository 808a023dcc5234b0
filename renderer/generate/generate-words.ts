/** @file Drawing in words. */
import type {
	Drawing,
	DrawingFamily,
	DrawingNeeds,
	DrawingProgress,
	DrawingSettings,
} from "../../contract/generation.ts";

/** What a drawing shows, for its heading and for people who do not see it. */
export function promptInWords({ settings }: Pick<Drawing, "settings">): string {
	return settings.prompts
		.filter(({ weight }) => weight > 0)
		.map(({ text }) => text)
		.join(", ");
}

/** How well a picture fits: the encoder's own number, for what is a finding and no share of anything. */
export function fitInWords(
	{ similarity, rank }: Pick<Drawing, "similarity" | "rank">,
	of: number,
): string {
	if (similarity === null) return "";
	const place = of > 1 && rank !== null ? `${rank} of ${of} · ` : "";
	return `${place}fit ${similarity.toFixed(2)}`;
}

export function progressInWords({ step, steps, secondsLeft }: DrawingProgress): string {
	if (step === 0) return "Getting ready";
	const left = secondsLeft === null ? "" : ` · ${secondsInWords(secondsLeft)} left`;
	return `Step ${step} of ${steps}${left}`;
}

/** What a drawing takes here. */
export function needsInWords(needs: DrawingNeeds, count: number): string {
	const megabytes = (bytes: number) => `${Math.ceil(bytes / 1024 ** 2)} MB`;
	const space = `about ${megabytes(needs.memoryBytes)} of memory while it draws`;
	const disk = `Its model takes ${megabytes(needs.diskBytes)} of the disk.`;
	if (needs.seconds === null) {
		return `Takes ${space}. ${disk} How long is not known before the first one.`;
	}
	return `Takes about ${secondsInWords(needs.seconds * count)} on this computer and ${space}. ${disk}`;
}

/** How much of the start picture may change, to whoever marks it. @param share 0 to 1 */
export function changingInWords(share: number): string {
	if (share === 0) return "Nothing is marked: all of it may change, as without a mark.";
	if (share === 1) return "All of it is marked: all of it may change, as without a mark.";
	return `${percentInWords(share)} of the picture may change.`;
}

/** A share that is neither none nor all never sounds like either. */
export function percentInWords(share: number): string {
	const percent = Math.round(share * 100);
	if (percent === 0 && share > 0) return "Less than 1 %";
	if (percent === 100 && share < 1) return "More than 99 %";
	return `${percent} %`;
}

/** Such as "Guided · 256 × 256 · 60 steps · seed 7". */
export function settingsInWords(settings: DrawingSettings): string {
	const { family, width, height, steps, seed, strength, masked } = settings;
	const kept = masked ? ", part of it kept" : "";
	const begun = strength === null ? [] : [`begun with a picture${kept}`];
	const measure = [familyNames[family], `${width} × ${height}`, `${steps} steps`, `seed ${seed}`];
	return [...measure, ...begun].join(" · ");
}

/** The way of drawing, as people know it. */
export function familyInWords({ family }: Pick<DrawingSettings, "family">): string {
	return familyNames[family];
}

const familyNames: Readonly<Record<DrawingFamily, string>> = {
	guided: "Guided",
	diffusion: "Diffusion",
	autoregressive: "Token by token",
};

function secondsInWords(seconds: number): string {
	if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
	return `${Math.round(seconds / 60)} min`;
}
