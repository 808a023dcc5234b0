/** @file What is to be drawn next: the form of the page "Generate", kept while one looks elsewhere. */
import type { DrawingMask, DrawingStart } from "../../contract/drawing-sources.ts";
import type {
	DrawingFamily,
	DrawingFamilyStatus,
	DrawingLimits,
	DrawingSettings,
} from "../../contract/generation.ts";
import type { ModelId } from "../../contract/model-package.ts";
import { type Mark, type Rectangle, usedPart } from "./mask-marks.ts";

/** A start picture with what is shown of it. */
export interface DraftStart {
	readonly source: DrawingStart;
	readonly name: string;
	/** Address of the picture; null for a photo of the library, which has one by its id. */
	readonly url: string | null;
}

/** What of the start picture may change. */
export interface DraftMask {
	readonly marks: readonly Mark[];
	/** The mask as it came, as long as nothing was marked since: that is then sent to the byte. */
	readonly source: DrawingMask | null;
	/** Width over height of the start picture that was marked. */
	readonly startAspect: number;
}

type SamplingLimits = NonNullable<DrawingFamilyStatus["limits"]>["sampling"];
type Colour = [number, number, number];

const usualStrength = 0.6;
/** What may change is meant to become something else. */
const usualMaskedStrength = 0.9;
const avoidedWeight = -0.5;
const seedLimit = 2 ** 32;

/** What can be asked of a family's model; null where it cannot draw. */
export function limitsOf(
	status: DrawingFamilyStatus | undefined,
	chosen: ModelId | null,
): DrawingLimits | null {
	if (chosen === null) return status?.limits ?? null;
	return status?.packages.find(({ id }) => id === chosen)?.limits ?? null;
}

export class DrawingDraft {
	family = $state<DrawingFamily>("guided");
	/** One picture by every family, instead of by `family`. */
	all = $state(false);
	/** The installed model that draws; null: the one that came with the app. */
	package = $state<ModelId | null>(null);
	prompt = $state("");
	avoided = $state("");
	width = $state(256);
	height = $state(256);
	steps = $state<number | null>(null);
	/** Null: another one each time. */
	seed = $state<number | null>(null);
	count = $state(1);
	strength = $state(usualStrength);
	/** Null: the model's own. */
	guidance = $state<number | null>(null);
	/** Each null: the model's own. */
	temperature = $state<number | null>(null);
	topK = $state<number | null>(null);
	topP = $state<number | null>(null);
	candidates = $state<number | null>(null);
	finish = $state<"painted" | "smooth">("smooth");
	palette = $state.raw<readonly Colour[]>([]);
	#start = $state.raw<DraftStart | null>(null);
	#mask = $state.raw<DraftMask | null>(null);
	/** Where the palette comes from, in words; null where the person chose it. */
	coloursFrom = $state<string | null>(null);
	/** What the settings tell of and the file does not have any more, in a sentence. */
	lacks = $state<string | null>(null);
	/** What only files of others carry: kept as it came until the form is cleared. */
	#canvas: DrawingSettings["canvas"] = null;
	/**
	 * What the form was filled with: while nothing of it is changed, exactly that is drawn, for a form has no
	 * room for every weight and default, and the file is to be the same byte for byte.
	 */
	#used: { settings: DrawingSettings; form: string } | null = null;

	get start(): DraftStart | null {
		return this.#start;
	}

	/** Null: all of the start picture may change. */
	get mask(): DraftMask | null {
		return this.#mask;
	}

	/** Begins with another picture, or with none; what was marked on the one before is gone with it. */
	begin(start: DraftStart | null): void {
		this.keep(null);
		this.lacks = null;
		this.#start = start;
	}

	/** What may change; a strength that nobody chose goes along. */
	keep(mask: DraftMask | null): void {
		const [before, after] = [this.#mask, mask].map((one) =>
			one === null ? usualStrength : usualMaskedStrength,
		);
		if (this.strength === before && after !== undefined) this.strength = after;
		this.#mask = mask;
	}

	/** The part of a start picture that is drawn from. @param startAspect its width over its height */
	usedPart(startAspect: number): Rectangle {
		return usedPart(startAspect, this.width / this.height);
	}

	/** Another way of drawing; its own models are offered. @param status of the present one */
	choose(family: DrawingFamily, status: DrawingFamilyStatus | undefined): void {
		if (family !== this.family) this.chooseModel(null, status);
		this.family = family;
		this.all = false;
	}

	/** Another model; what was meant for the one before, and the size it usually has, goes with it. */
	chooseModel(chosen: ModelId | null, status: DrawingFamilyStatus | undefined): void {
		const [before, after] = [this.package, chosen].map((id) => limitsOf(status, id)?.size);
		this.package = chosen;
		// A step of one is not a step of another.
		this.steps = null;
		this.guidance = null;
		this.candidates = null;
		if (before === undefined || after === undefined) return;
		if (this.width !== before.width || this.height !== before.height) return;
		this.width = after.width;
		this.height = after.height;
	}

	/** The settings to ask for; the seed is drawn by lot where none is set. */
	settings(status: DrawingFamilyStatus | undefined): DrawingSettings {
		if (this.#used !== null && this.#filled() === this.#used.form) return this.#used.settings;
		const avoided = this.avoided.trim();
		const limits = limitsOf(status, this.package);
		const begins = this.start !== null && this.heeds(limits).start;
		// What the family has no use for stays in the form and is not sent.
		const palette = limits?.heeds.palette === false ? [] : this.palette;
		return {
			family: this.family,
			prompts: [
				{ text: this.prompt, weight: 1 },
				...(avoided === "" ? [] : [{ text: avoided, weight: avoidedWeight }]),
			],
			seed: this.seed ?? Math.floor(Math.random() * seedLimit),
			width: this.width,
			height: this.height,
			steps: this.#stepsWithin(limits),
			palette: palette.map(([red, green, blue]): Colour => [red, green, blue]),
			canvas: this.family === "guided" ? this.#canvas : null,
			finish: this.finish,
			strength: begins ? this.strength : null,
			masked: begins && this.mask !== null && this.heeds(limits).mask,
			package: this.package,
			guidance: limits?.guidance === null ? null : this.guidance,
			sampling: this.#samplingWithin(limits?.sampling ?? null),
			candidates: this.#candidatesWithin(limits?.candidates ?? null),
		};
	}

	/** Whether the way of drawing knows what to do with start picture and mask; of several, some do. */
	heeds(limits: DrawingLimits | null): { start: boolean; mask: boolean } {
		if (this.all || limits === null) return { start: true, mask: true };
		return limits.heeds;
	}

	/** Fills the form, so that drawing makes the same picture again. */
	use(
		settings: DrawingSettings,
		{ start, mask }: { start: DraftStart | null; mask: DraftMask | null },
	): void {
		this.family = settings.family;
		this.all = false;
		this.package = settings.package;
		this.prompt = settings.prompts.find(({ weight }) => weight > 0)?.text ?? "";
		this.avoided = settings.prompts.find(({ weight }) => weight < 0)?.text ?? "";
		this.width = settings.width;
		this.height = settings.height;
		this.steps = settings.steps;
		this.seed = settings.seed;
		this.count = 1;
		this.strength = settings.strength ?? usualStrength;
		this.guidance = settings.guidance;
		this.temperature = settings.sampling?.temperature ?? null;
		this.topK = settings.sampling?.topK ?? null;
		this.topP = settings.sampling?.topP ?? null;
		this.candidates = settings.candidates;
		this.finish = settings.finish ?? "smooth";
		this.palette = settings.palette;
		this.#start = start;
		this.#mask = mask;
		this.coloursFrom = null;
		this.#canvas = settings.canvas;
		this.lacks = lackOf(settings, { start, mask });
		this.#used = this.lacks === null ? { settings, form: this.#filled() } : null;
	}

	/** Everything that decides the picture, as it stands in the form. */
	#filled(): string {
		const {
			all,
			package: chosen,
			family,
			prompt,
			avoided,
			width,
			height,
			steps,
			seed,
			finish,
			palette,
			start,
			mask,
		} = this;
		const { strength, guidance, temperature, topK, topP, candidates } = this;
		return JSON.stringify([
			[all, chosen, family, prompt, avoided, width, height, steps, seed, finish, palette],
			[start === null, mask === null, mask?.source !== null, strength],
			[guidance, temperature, topK, topP, candidates],
		]);
	}

	/** A family with one number of steps alone takes that. */
	#stepsWithin(limits: DrawingFamilyStatus["limits"]): number {
		const steps = limits?.steps ?? { default: 1, min: 1, max: 1 };
		return steps.min === steps.max ? steps.default : (this.steps ?? steps.default);
	}

	#candidatesWithin(limits: DrawingLimits["candidates"]): number | null {
		return limits === null ? null : (this.candidates ?? limits.default);
	}

	#samplingWithin(limits: SamplingLimits): DrawingSettings["sampling"] {
		if (limits === null) return null;
		return {
			temperature: this.temperature ?? limits.temperature.default,
			topK: this.topK ?? limits.topK.default,
			topP: this.topP ?? limits.topP.default,
		};
	}
}

/** A drawing without what it once began with is another drawing, and that is said. */
function lackOf(
	{ strength, masked }: DrawingSettings,
	{ start, mask }: { start: DraftStart | null; mask: DraftMask | null },
): string | null {
	if (strength !== null && start === null) {
		return "The picture it began with is not there any more; what is drawn now begins without one.";
	}
	if (masked && mask === null) {
		return "What it kept of its start picture is not known any more; all of it may change now.";
	}
	return null;
}
