/** @file The queue and the history of drawing, followed while the page "Generate" is open. */
import type { EngineClient } from "../../contract/contract.ts";
import type { DrawingMask, DrawingStart } from "../../contract/drawing-sources.ts";
import type {
	Drawing,
	DrawingFamilyStatus,
	DrawingProgress,
	DrawingSettings,
} from "../../contract/generation.ts";
import type { DrawingId, PhotoId } from "../../contract/ids.ts";
import { DrawingDraft } from "./drawing-draft.svelte.ts";
import { markFrom, maskFile } from "./mask-picture.ts";
import { isAbort, problemSentence } from "./problem.ts";
import type { Undo } from "./undo.svelte.ts";

const retryMs = 1000;

/** What a drawing was given, as files to look at. */
interface GivenFiles {
	readonly start: File | null;
	readonly mask: File | null;
}
const nothingGiven: GivenFiles = { start: null, mask: null };

export class Drawings {
	readonly draft = new DrawingDraft();
	#all = $state.raw<readonly Drawing[]>([]);
	#families = $state.raw<readonly DrawingFamilyStatus[]>([]);
	#paused = $state(false);
	#progress = $state.raw<DrawingProgress | null>(null);
	#previewUrl = $state<string | null>(null);
	#status = $state<"loading" | "ready" | "failed">("loading");
	#problem = $state("");
	#asked = 0;
	#refreshing: Promise<void> = Promise.resolve();
	#fetching = false;
	readonly #pictures = new Map<DrawingId, Promise<string>>();
	readonly #client: Pick<EngineClient, "generation">;
	readonly #undo: Undo;

	constructor(client: Pick<EngineClient, "generation">, undo: Undo) {
		this.#client = client;
		this.#undo = undo;
	}

	get families(): readonly DrawingFamilyStatus[] {
		return this.#families;
	}

	/** Being drawn, waiting, failed or left unfinished. */
	get queue(): readonly Drawing[] {
		return this.#all.filter(({ state }) => state !== "done");
	}

	/** Finished, newest first. */
	get history(): readonly Drawing[] {
		return this.#all.filter(({ state }) => state === "done");
	}

	/** The last request that several families were asked together, in the families' order. */
	get sideBySide(): readonly Drawing[] {
		const placeOf = ({ settings }: Drawing) =>
			this.#families.findIndex(({ family }) => family === settings.family);
		const newestFirst = this.#all.toSorted((one, other) => other.id - one.id);
		for (const { request } of newestFirst) {
			const together = newestFirst.filter((drawing) => drawing.request === request);
			const families = new Set(together.map(({ settings }) => settings.family));
			if (families.size > 1)
				return together.toSorted((one, other) => placeOf(one) - placeOf(other));
		}
		return [];
	}

	get paused(): boolean {
		return this.#paused;
	}

	/** Of the picture being drawn. */
	get progress(): DrawingProgress | null {
		return this.#progress;
	}

	/** Address of the picture so far. */
	get previewUrl(): string | null {
		return this.#previewUrl;
	}

	get status(): "loading" | "ready" | "failed" {
		return this.#status;
	}

	get problem(): string {
		return this.#problem;
	}

	/** Follows the engine until the returned function is called. */
	follow(): () => void {
		const stopping = new AbortController();
		void this.#follow(stopping.signal);
		return () => {
			stopping.abort();
			this.#dropPreview();
		};
	}

	/** Resolves when what is shown is no older than the call. */
	refresh(): Promise<void> {
		this.#refreshing = this.#load();
		return this.#refreshing;
	}

	async #load(): Promise<void> {
		this.#asked += 1;
		const asked = this.#asked;
		try {
			const [{ drawings, paused }, families] = await Promise.all([
				this.#client.generation.list(),
				this.#families.length > 0 ? null : this.#client.generation.families(),
			]);
			if (asked !== this.#asked) return this.#refreshing;
			this.#all = drawings;
			this.#paused = paused;
			// Not over what was looked at again meanwhile.
			if (families !== null) this.#families = families;
			this.#status = "ready";
			const drawn = drawings.find(({ state }) => state === "drawing");
			if (drawn?.id !== this.#progress?.id) this.#dropPreview();
		} catch (error) {
			if (asked !== this.#asked) return this.#refreshing;
			this.#problem = problemSentence(error);
			if (this.#status === "loading") this.#status = "failed";
		}
	}

	/** A model was installed or removed: what can be chosen is looked at again, where it was before. */
	async modelsChanged(): Promise<void> {
		if (this.#families.length === 0) return;
		const families = await this.#client.generation.families().catch(() => null);
		if (families === null) return;
		const ofDraft = ({ family }: DrawingFamilyStatus) => family === this.draft.family;
		const before = this.#families.find(ofDraft);
		const chosen = this.draft.package;
		this.#families = families;
		const isThere = families.find(ofDraft)?.packages.some(({ id }) => id === chosen) === true;
		if (chosen !== null && !isThere) this.draft.chooseModel(null, before);
	}

	/** Throws the engine's refusal, as do all that follow. */
	async draw(): Promise<void> {
		const { draft } = this;
		const status = this.#families.find(({ family }) => family === draft.family);
		const asked = draft.settings(status);
		const start = asked.strength === null ? null : (draft.start?.source ?? null);
		const mask = asked.masked ? await maskOf(draft) : null;
		const settings = { ...asked, masked: mask !== null };
		if (draft.all) await this.#client.generation.drawWithAll({ settings, start, mask });
		else await this.#client.generation.draw({ settings, start, mask, count: draft.count });
		await this.refresh();
	}

	async pause(paused: boolean): Promise<void> {
		await this.#client.generation.pause({ paused });
		await this.refresh();
	}

	async again(ids: readonly DrawingId[]): Promise<void> {
		await this.#client.generation.again({ ids: [...ids] });
		await this.refresh();
	}

	/** One place earlier among those waiting. */
	async earlier(id: DrawingId): Promise<void> {
		const ids = this.#all.filter(({ state }) => state === "waiting").map((drawing) => drawing.id);
		const at = ids.indexOf(id);
		if (at < 1) return;
		ids.splice(at - 1, 0, ...ids.splice(at, 1));
		await this.#client.generation.reorder({ ids });
		await this.refresh();
	}

	async star({ id, starred }: Drawing): Promise<void> {
		await this.#client.generation.star({ id, starred: !starred });
		await this.refresh();
	}

	async discard(drawings: readonly Drawing[]): Promise<void> {
		const ids = drawings.map(({ id }) => id);
		await this.#client.generation.discard({ ids });
		await this.refresh();
		const what = ids.length === 1 ? "the picture" : `${ids.length} pictures`;
		this.#undo.offer({
			done: drawings.every(({ state }) => state === "done")
				? `Discarded ${what}.`
				: `Stopped ${what}.`,
			undone: `Brought ${what} back.`,
			undo: async () => {
				await this.#client.generation.restore({ ids });
				await this.refresh();
			},
		});
	}

	/** The form as it was for this drawing. */
	async useAgain({ id, settings }: Drawing): Promise<void> {
		const none = settings.strength === null && !settings.masked;
		const given = none ? nothingGiven : await this.#client.generation.given({ id });
		await this.#use(settings, given, {
			start: { kind: "start-of", id },
			mask: { kind: "mask-of", id },
		});
	}

	/** Draws on from a finished picture: another is begun with it. */
	async beginWith(drawing: Drawing): Promise<void> {
		const { id } = drawing;
		const url = await this.pictureUrl(id);
		this.draft.begin({ source: { kind: "drawing", id }, name: "a picture drawn here", url });
	}

	/** The form as a drawn file tells it. */
	async useFile(file: File): Promise<void> {
		await this.#useTold(await this.#client.generation.read({ file }));
	}

	/** The form as a picture of the library tells it. */
	async usePhoto(id: PhotoId): Promise<void> {
		await this.#useTold(await this.#client.generation.ofPhoto({ id }));
	}

	#useTold({ settings, ...given }: { settings: DrawingSettings } & GivenFiles): Promise<void> {
		return this.#use(settings, given, {
			start: given.start && { kind: "file", file: given.start },
			mask: given.mask && { kind: "file", file: given.mask },
		});
	}

	/** @param sources where the engine is to take from again what is shown here */
	async #use(
		settings: DrawingSettings,
		{ start, mask }: GivenFiles,
		sources: { start: DrawingStart | null; mask: DrawingMask | null },
	): Promise<void> {
		const marks = mask === null ? [] : [await markFrom(mask)];
		const startAspect = settings.width / settings.height;
		this.draft.use(settings, {
			start: start &&
				sources.start && {
					source: sources.start,
					name: "its start picture",
					url: URL.createObjectURL(start),
				},
			mask: mask && { source: sources.mask, marks, startAspect },
		});
	}

	/** Address of a finished picture, small; asked for once. */
	pictureUrl(id: DrawingId): Promise<string> {
		const known = this.#pictures.get(id);
		if (known !== undefined) return known;
		const loading = this.#client.generation
			.picture({ id, size: "thumbnail" })
			.then((file) => URL.createObjectURL(file));
		loading.catch(() => this.#pictures.delete(id));
		this.#pictures.set(id, loading);
		return loading;
	}

	/** Hands a finished picture over as a download. */
	async save(id: DrawingId, size: "full" | "wallpaper"): Promise<void> {
		const file = await this.#client.generation.picture({ id, size });
		const url = URL.createObjectURL(file);
		const link = document.createElement("a");
		link.href = url;
		link.download = file.name;
		link.click();
		setTimeout(() => URL.revokeObjectURL(url), 60_000);
	}

	async #follow(signal: AbortSignal): Promise<void> {
		while (!signal.aborted) {
			try {
				const events = await this.#client.generation.follow(undefined, { signal });
				await this.refresh();
				for await (const event of events) {
					if (signal.aborted) return;
					if (event.type === "changed") await this.refresh();
					else this.#take(event.progress);
				}
			} catch (error) {
				if (signal.aborted) return;
				if (!isAbort(error)) console.warn("The drawing's progress broke off; asking again.", error);
				if (this.#status === "loading") await this.refresh();
			}
			await new Promise((resolve) => setTimeout(resolve, retryMs));
		}
	}

	#take(progress: DrawingProgress): void {
		const shown = this.#progress?.id === progress.id ? this.#progress.preview : 0;
		if (this.#progress?.id !== progress.id) this.#dropPreview();
		this.#progress = progress;
		if (progress.preview > shown) void this.#fetchPreview(progress.id);
	}

	/** One at a time: previews that come faster than they can be shown are passed over. */
	async #fetchPreview(id: DrawingId): Promise<void> {
		if (this.#fetching) return;
		this.#fetching = true;
		try {
			const url = URL.createObjectURL(await this.#client.generation.preview({ id }));
			if (this.#progress?.id !== id) return URL.revokeObjectURL(url);
			if (this.#previewUrl !== null) URL.revokeObjectURL(this.#previewUrl);
			this.#previewUrl = url;
		} catch {
			// It was finished or stopped meanwhile.
		} finally {
			this.#fetching = false;
		}
	}

	#dropPreview(): void {
		if (this.#previewUrl !== null) URL.revokeObjectURL(this.#previewUrl);
		this.#previewUrl = null;
		this.#progress = null;
	}
}

/** The mask to send; null where all or nothing of what is drawn is marked. */
async function maskOf(draft: DrawingDraft): Promise<DrawingMask | null> {
	const { mask, width, height } = draft;
	if (mask === null || mask.source !== null) return mask?.source ?? null;
	const { marks, startAspect } = mask;
	const file = await maskFile(marks, draft.usedPart(startAspect), { width, height }, startAspect);
	return file === null ? null : { kind: "file", file };
}
