/** @file The queue of drawing: one picture at a time, stored, so that a restart loses none. */
import { join } from "node:path";
import { EventPublisher } from "@orpc/server";
import { Refusal } from "../../contract/errors.ts";
import type { Drawing, DrawingProgress, DrawingSettings } from "../../contract/generation.ts";
import type { DrawingId } from "../../contract/ids.ts";
import type {
	DrawingRecord,
	DrawingTable,
	GivenPictures,
	NewDrawing,
} from "../catalogue/drawing-table.ts";
import { errorCode, replaceFile } from "../library/replace-file.ts";
import { checkSettings, seedMax } from "./check-settings.ts";
import { bringBack, removeDrawn, setAside } from "./discarded-files.ts";
import { backendSettings, closeFamilies, type Family, generatorOf } from "./families.ts";
import { checkGiven } from "./given-pictures.ts";
import type { GenerationDone, RgbPicture } from "./picture-generator.ts";
import { drawnFile } from "./provenance.ts";
import { inListOrder, withRanks } from "./ranking.ts";
import { checkRoom } from "./room-for-drawing.ts";

/** A discarded drawing can be brought back for so long. */
const restorableMs = 7 * 86_400_000;

export type QueueEvent = { type: "changed" } | { type: "progress"; progress: DrawingProgress };

export interface DrawingQueueParts {
	table: DrawingTable;
	families: readonly Family[];
	/** Folder of the finished files. */
	generatedPath: string;
	/** A finished file came, went, or came back. */
	onFilesChanged?(): void;
	/** Injectable for tests. */
	freeDiskBytes?(folderPath: string): Promise<number>;
}

type DrawingEnd = Parameters<DrawingTable["update"]>[1];

interface UnderWay {
	record: DrawingRecord;
	stopping: AbortController;
	progress: DrawingProgress;
	preview: RgbPicture | null;
	ended: Promise<void>;
}

export class DrawingQueue {
	readonly #parts: DrawingQueueParts;
	readonly #events = new EventPublisher<{ event: QueueEvent }>();
	readonly #closing = new AbortController();
	#paused = false;
	#underWay: UnderWay | null = null;
	#starting = false;
	/** How a drawing ended, while the database could not take it. */
	#unwritten: { id: DrawingId; end: DrawingEnd } | null = null;

	constructor(parts: DrawingQueueParts) {
		this.#parts = parts;
	}

	/** What the app left unfinished is not begun anew by itself. */
	async open(): Promise<void> {
		const { table, generatedPath } = this.#parts;
		await table.markUnfinished();
		for (const fileName of await table.forgetRemoved(Date.now() - restorableMs)) {
			await removeDrawn(generatedPath, fileName);
		}
	}

	get paused(): boolean {
		return this.#paused;
	}

	async list(): Promise<Drawing[]> {
		return withRanks(inListOrder(await this.#parts.table.list()));
	}

	/** @throws Refusal DRAWING_NOT_FOUND */
	async get(id: DrawingId): Promise<DrawingRecord> {
		const record = await this.#parts.table.get(id);
		if (record === undefined) throw new Refusal("DRAWING_NOT_FOUND");
		return record;
	}

	/**
	 * Puts `count` pictures in the queue, with one seed after the other.
	 * @throws Refusal as the family's generator before it starts.
	 */
	async add(settings: DrawingSettings, given: GivenPictures, count: number): Promise<DrawingId[]> {
		return this.addEach(
			Array.from({ length: count }, (_, offset) => ({
				...given,
				settings: { ...settings, seed: (settings.seed + offset) % (seedMax + 1) },
			})),
		);
	}

	/**
	 * Puts pictures of any kind in the queue; they become one request.
	 * @throws Refusal as the families' generators before they start.
	 */
	async addEach(drawings: readonly NewDrawing[]): Promise<DrawingId[]> {
		for (const drawing of drawings) {
			const { settings } = drawing;
			const { description } = generatorOf(this.#parts.families, settings);
			checkGiven(settings, drawing);
			checkSettings(backendSettings(settings, drawing), description);
		}
		const ids = await this.#parts.table.add(drawings);
		this.#changed();
		this.#wake();
		return ids;
	}

	/** The present picture is still finished. */
	pause(paused: boolean): void {
		this.#paused = paused;
		this.#changed();
		this.#wake();
	}

	async again(ids: readonly DrawingId[]): Promise<void> {
		const records = await Promise.all(ids.map((id) => this.#parts.table.get(id)));
		const idle = records.filter(
			(record) => record?.state === "failed" || record?.state === "unfinished",
		);
		await this.#parts.table.update(
			idle.flatMap((record) => record?.id ?? []),
			{ state: "waiting", problem: null },
		);
		this.#changed();
		this.#wake();
	}

	async reorder(ids: readonly DrawingId[]): Promise<void> {
		await this.#parts.table.reorder(ids);
		this.#changed();
	}

	async star(id: DrawingId, starred: boolean): Promise<void> {
		await this.#parts.table.update([id], { starred });
		this.#changed();
	}

	/** Resolves when nothing of them is being drawn any more. */
	async discard(ids: readonly DrawingId[]): Promise<void> {
		await this.#parts.table.update(ids, { removed: true });
		const present = this.#underWay;
		if (present !== null && ids.includes(present.record.id)) {
			present.stopping.abort();
			await present.ended;
		}
		await this.#moveFiles(ids, setAside);
		this.#changed();
		this.#wake();
	}

	async restore(ids: readonly DrawingId[]): Promise<void> {
		for (const id of ids) {
			const record = await this.get(id);
			const state = record.state === "done" ? {} : { state: "waiting" as const, problem: null };
			await this.#parts.table.update([id], { removed: false, ...state });
		}
		await this.#moveFiles(ids, bringBack);
		this.#changed();
		this.#wake();
	}

	/** The picture so far; null when this one is not being drawn or shows nothing yet. */
	previewOf(id: DrawingId): RgbPicture | null {
		return this.#underWay?.record.id === id ? this.#underWay.preview : null;
	}

	/** Starts with how far the present drawing is, then everything, until the signal aborts. */
	async *follow(signal: AbortSignal | undefined): AsyncGenerator<QueueEvent> {
		const until = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
		try {
			const events = this.#events.subscribe("event", { signal: until });
			if (this.#underWay !== null) {
				yield { type: "progress", progress: this.#underWay.progress };
			}
			yield* events;
		} catch (error) {
			if (!until.aborted) throw error;
		}
	}

	/** Ends the drawing under way; it is offered again at the next start. */
	async close(): Promise<void> {
		this.#closing.abort();
		this.#underWay?.stopping.abort();
		await this.#underWay?.ended;
		await closeFamilies(this.#parts.families);
	}

	#changed(): void {
		this.#events.publish("event", { type: "changed" });
	}

	/** The files of finished drawings, out of the folder or back into it. */
	async #moveFiles(
		ids: readonly DrawingId[],
		move: (folderPath: string, fileName: string) => Promise<void>,
	): Promise<void> {
		let moved = false;
		for (const id of ids) {
			const fileName = (await this.#parts.table.get(id))?.fileName ?? null;
			if (fileName === null) continue;
			await move(this.#parts.generatedPath, fileName);
			moved = true;
		}
		if (moved) this.#parts.onFilesChanged?.();
	}

	/** Begins the next picture, if one waits and nothing stands against it. */
	#wake(): void {
		if (this.#starting || this.#underWay !== null || this.#paused) return;
		if (this.#closing.signal.aborted) return;
		this.#starting = true;
		void this.#beginNext()
			.catch((error: unknown) => this.#hold(error))
			.finally(() => {
				this.#starting = false;
			});
	}

	/** A database that cannot be written, on a full disk say, would fail the next picture too. */
	#hold(error: unknown): void {
		console.error("Drawing is paused, because the library cannot be written:", error);
		this.#paused = true;
		this.#changed();
	}

	async #beginNext(): Promise<void> {
		if (this.#unwritten !== null) {
			await this.#parts.table.update([this.#unwritten.id], this.#unwritten.end);
			this.#unwritten = null;
			this.#changed();
		}
		const record = (await this.#parts.table.list()).find(({ state }) => state === "waiting");
		if (record === undefined || this.#closing.signal.aborted) return;
		const ended = Promise.withResolvers<void>();
		const present: UnderWay = {
			record,
			stopping: new AbortController(),
			preview: null,
			ended: ended.promise,
			progress: {
				id: record.id,
				step: 0,
				steps: record.settings.steps,
				similarity: null,
				secondsLeft: null,
				preview: 0,
			},
		};
		this.#underWay = present;
		void this.#run(present)
			.catch((error: unknown) => this.#hold(error))
			.finally(() => {
				this.#underWay = null;
				ended.resolve();
				this.#changed();
				this.#wake();
			});
	}

	async #run(present: UnderWay): Promise<void> {
		const { table } = this.#parts;
		const { id } = present.record;
		try {
			await table.update([id], { state: "drawing" });
			this.#changed();
			const { generatedPath, freeDiskBytes } = this.#parts;
			await checkRoom(generatedPath, present.record.settings, freeDiskBytes);
			const done = await this.#draw(present);
			const fileName = await this.#keep(present.record, done);
			const { similarity, shortened } = done;
			await table.update([id], { state: "done", fileName, similarity, shortened });
			this.#parts.onFilesChanged?.();
		} catch (error) {
			// Stopped by discarding or by the end of the app: `restore` or the next start sees to it.
			const stopped = present.stopping.signal.aborted;
			const problem = stopped ? null : problemOf(error);
			const end: DrawingEnd = { state: stopped ? "unfinished" : "failed", problem };
			try {
				await table.update([id], end);
			} catch (writingError) {
				this.#unwritten = { id, end };
				this.#hold(writingError);
			}
		}
	}

	async #draw(present: UnderWay): Promise<GenerationDone> {
		const { record } = present;
		const { settings } = record;
		const generator = generatorOf(this.#parts.families, settings);
		const { signal } = present.stopping;
		let firstStepAt: number | null = null;
		for await (const event of generator.generate(backendSettings(settings, record), { signal })) {
			if (event.kind === "done") return event;
			if (event.step > 0) firstStepAt ??= performance.now();
			if (event.preview !== null) present.preview = event.preview;
			const { step, steps, similarity } = event;
			const measured = firstStepAt !== null && step > 1;
			const stepMs = measured ? (performance.now() - (firstStepAt ?? 0)) / (step - 1) : null;
			present.progress = {
				id: present.record.id,
				step,
				steps,
				similarity,
				secondsLeft: stepMs === null ? null : (stepMs * (steps - step)) / 1000,
				preview: present.progress.preview + (event.preview === null ? 0 : 1),
			};
			this.#events.publish("event", { type: "progress", progress: present.progress });
		}
		throw new Refusal("GENERATION_NOT_POSSIBLE", "The drawing ended without a picture.");
	}

	async #keep(record: DrawingRecord, { picture, packages }: GenerationDone) {
		const { id, settings, startPicture, maskPicture } = record;
		const bytes = await drawnFile(picture, { settings, startPicture, maskPicture, packages });
		const fileName = `${slug(settings)}-${settings.seed}-${id}.png`;
		await replaceFile(join(this.#parts.generatedPath, fileName), bytes);
		return fileName;
	}
}

/** A few words of the prompt, fit for every file system. */
function slug({ prompts }: DrawingSettings): string {
	const words = prompts.find(({ weight }) => weight > 0)?.text ?? "";
	const plain = words
		.normalize("NFKD")
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.slice(0, 40)
		.replace(/^-+|-+$/g, "");
	return plain === "" ? "picture" : plain;
}

function problemOf(error: unknown): string {
	if (error instanceof Refusal) return error.message;
	const code = errorCode(error);
	if (code === "ENOSPC" || code === "EDQUOT") {
		return "The disk that holds the library is full. Make room on it and draw this again.";
	}
	if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
		return "The library's folder for drawn pictures cannot be written. Check its permissions.";
	}
	console.error(error);
	return "Something went wrong inside Afterimage while drawing this.";
}
