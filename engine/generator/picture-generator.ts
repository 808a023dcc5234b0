/**
 * @file The one interface of everything that makes pictures from a prompt: guided optimisation,
 * diffusion, autoregression. Who shows, queues or stores pictures knows this file and no backend.
 */

/** Where a family of the field is named: VQGAN+CLIP, DALL-E 2, DALL-E 1. */
export const generatorBackends = ["guided", "diffusion", "autoregressive"] as const;
export type GeneratorBackend = (typeof generatorBackends)[number];

/** What the picture should show, or with a negative weight should not. */
export interface WeightedPrompt {
	/** 1 to `promptMaxCharacters` characters, not all of them blank. */
	text: string;
	/** -2 to 2, not 0; at least one prompt of a job has a positive weight. Usual: 1, or -0.5. */
	weight: number;
}

/** Upright sRGB pixels. */
export interface RgbPicture {
	width: number;
	height: number;
	/** uint8 [height, width, 3], packed. */
	pixels: Uint8Array;
}

/** The picture that is begun with. */
export interface StartPicture {
	/** A whole picture file (JPEG, PNG, WebP, …), or pixels of any size; both are stretched to the job's size. */
	picture: { bytes: Uint8Array } | RgbPicture;
	/** 0 keeps the picture almost as it is, 1 keeps only a hint of its colours. */
	strength: number;
}

/**
 * Where may be painted: uint8 [height, width] of the job's size, 255 paint, 0 keep the start picture, between
 * some of both; or a picture file in greys of that size.
 */
export type Mask = Uint8Array | { bytes: Uint8Array };

/**
 * Everything that decides what comes out: on one machine, equal settings and packages give equal
 * bytes. Plain data, so that it can be stored, sent between processes and read again.
 */
export interface GenerationSettings {
	/** 1 to `promptsMax`. */
	prompts: readonly WeightedPrompt[];
	/** Whole number, 0 to 2^32 - 1. */
	seed: number;
	/** Pixels, `sideMin` to `sideMax`, a multiple of `sideMultiple`. */
	width: number;
	height: number;
	/** Whole number within the backend's `steps`; more is better up to a point, and slower. */
	steps: number;
	start: StartPicture | null;
	/** sRGB colours (0 to 255) the picture should keep to; empty means any. At most `paletteMax`. */
	palette: readonly (readonly [number, number, number])[];
	/** Needs `start`. Null paints everywhere. */
	mask: Mask | null;
	/** `painted` lays brush strokes over the picture, sharp at any size; the encoder knows it less well. Default: smooth. */
	finish?: Finish;
	/**
	 * How much more the prompt counts than chance, for families that draw with and without it
	 * (classifier-free guidance, Ho and Salimans 2022, arXiv:2207.12598): 1 to `guidanceMax`. Default: the
	 * model's own.
	 */
	guidance?: number;
	/** How pieces are drawn by lot, for families that draw one after another. Default: the model's own. */
	sampling?: SamplingSettings;
	/**
	 * How many pictures are drawn, of which the encoder chooses the one that fits best, as DALL-E 1 did: 1 to
	 * `candidatesMax`. Default: the model's own.
	 */
	candidates?: number;
	/** What only one family has; left out, its defaults. Another family's part is ignored. */
	guided?: GuidedOptions;
}

export interface SamplingSettings {
	/** Below 1 the likely becomes likelier; 0 always takes the likeliest. */
	temperature: number;
	/** Only among so many of the likeliest. */
	topK: number;
	/** Only among the likeliest that together have this share. */
	topP: number;
}

/** See engine/generator/guided/README.md for what each looks like. */
export interface GuidedOptions {
	/** What is optimised. `auto`: the autoencoder's latent where its package is there, else brush strokes. */
	canvas?: GuidedCanvas;
}
export const guidedCanvases = ["auto", "strokes", "latent", "pyramid", "fourier"] as const;
export type GuidedCanvas = (typeof guidedCanvases)[number];
export const finishes = ["smooth", "painted"] as const;
export type Finish = (typeof finishes)[number];

/** What is told while a picture is made, in order: any number of `progress`, then one `done`. */
export type GenerationEvent = GenerationProgress | GenerationDone;

export interface GenerationProgress {
	kind: "progress";
	/** Steps finished, 0 to `steps`; never smaller than before. 0 while things are loaded. */
	step: number;
	steps: number;
	/** The picture so far, perhaps smaller than asked for; null when it would be the same as before. */
	preview: RgbPicture | null;
	/** The encoder's cosine similarity to the positive prompts so far; null when not known. */
	similarity: number | null;
}

export interface GenerationDone {
	kind: "done";
	/** Of exactly the size asked for. */
	picture: RgbPicture;
	/** Cosine similarity of the finished picture to the positive prompts, by this encoder. */
	similarity: number | null;
	/** Ids and versions of the packages used, as their manifests name them: what reproduces it. */
	packages: readonly { id: string; version: string }[];
	/** True when a prompt was longer than the model reads and its end was left out. */
	shortened: boolean;
}

/** What a job will take on this machine, before it is started. */
export interface GenerationNeeds {
	/** Peak resident memory of the process that draws. */
	memoryBytes: number;
	/** Of installed packages; nothing else is written. */
	diskBytes: number;
	/** Seconds, from a short probe on this machine or an earlier job; null while not known. */
	seconds: number | null;
}

/** What the panel offers for a backend. */
export interface GeneratorDescription {
	backend: GeneratorBackend;
	/** Default and limits of `steps`. */
	steps: { default: number; min: number; max: number };
	/** What is asked for when nobody says otherwise. */
	size: { width: number; height: number };
	/** Which settings it heeds; the others have to be empty. */
	heeds: {
		start: boolean;
		palette: boolean;
		mask: boolean;
		negativePrompts: boolean;
	};
	/** The model's own guidance; null for a family that knows none. */
	guidance: number | null;
	/** Null for a family that does not draw by lot, piece after piece. */
	sampling: Readonly<Record<keyof SamplingSettings, SettingRange>> | null;
	/** Null where one drawing is one picture. */
	candidates: SettingRange | null;
}

export interface SettingRange {
	default: number;
	min: number;
	max: number;
}

/** One backend with its packages. Jobs run one at a time; who queues them is not its business. */
export interface PictureGenerator {
	readonly description: GeneratorDescription;
	/**
	 * Draws one picture in a process of its own, which is gone when the iteration ends, however it
	 * ends. Leaving the loop early cancels as well.
	 * @param options.signal ends the process within a second; the iteration then throws `signal.reason`.
	 * @throws Refusal GENERATION_NOT_POSSIBLE naming the field of the settings at fault (before anything
	 * is started), or when the process died or needed more memory than there is; IMAGE_UNREADABLE when
	 * start picture or mask does not decode; MODEL_UNAVAILABLE when a package is missing or damaged or
	 * cannot be used this way. All of them from the iteration's first or a later `next`.
	 */
	generate(
		settings: GenerationSettings,
		options?: { signal?: AbortSignal },
	): AsyncIterable<GenerationEvent>;
	/** Costs nothing: `seconds` comes from the last `probe` or job. */
	needs(settings: GenerationSettings): GenerationNeeds;
	/** Measures a few steps in a process of its own, so that `needs` can tell the time. */
	probe(options?: { signal?: AbortSignal }): Promise<void>;
	/** Ends a job that is under way. */
	close(): Promise<void>;
}
