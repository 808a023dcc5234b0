/** @file A host whose engine is a few lines in memory, answering the real contract. */
import { createRouterClient, implement } from "@orpc/server";
import type { EngineEvent, Progress } from "../../../contract/activity.ts";
import { contract, type EngineClient } from "../../../contract/contract.ts";
import type { Folder } from "../../../contract/folder.ts";
import { folderIdSchema, type PhotoId, photoIdSchema } from "../../../contract/ids.ts";
import type { EncoderStatus } from "../../../contract/model.ts";
import type { PhotoSummary } from "../../../contract/photo.ts";
import type { Host } from "../../../renderer/client/host.ts";
import { drawingAnswers } from "./drawing-answers.ts";
import { encoderChangeAnswers } from "./encoder-change-answers.ts";
import { madeUpGroups } from "./made-up-groups.ts";
import { MadeUpLabels } from "./made-up-labels.ts";
import { parseMadeUp } from "./made-up-parse.ts";
import { MadeUpSaved } from "./made-up-saved.ts";
import { encoderId, MadeUpSearch } from "./made-up-search.ts";
import { MadeUpTags } from "./made-up-tags.ts";
import { madeUpLines, textReading } from "./made-up-text.ts";
import { modelAnswers } from "./model-answers.ts";
import type { PhotoSource } from "./photo-source.ts";
import { tagAnswers } from "./tag-answers.ts";

const dayMs = 86_400_000;
/** @param state as described in `main.ts` */
export function createFakeHost(source: PhotoSource, state: string): Host {
	const { count } = source;
	const waitingFrom =
		state === "nothing-searchable" ? 0 : state === "indexing" ? Math.ceil(count * 0.4) : count;
	const isWaiting = (index: number) => index >= waitingFrom || index % 97 === 5;
	let empty = state === "new";
	const idOf = (index: number): PhotoId => photoIdSchema.parse(index + 1);

	const columns = {
		ids: Array.from({ length: count }, (_, index) => idOf(index)),
		aspectsPermille: [] as number[],
		days: [] as number[],
		versions: [] as number[],
		hiddenDrawn: 0,
	};
	for (let index = 0; index < count; index += 1) {
		const photo = source.photo(index);
		columns.aspectsPermille.push(Math.round((photo.width / photo.height) * 1000));
		columns.days.push(Math.floor(photo.takenAtMs / dayMs));
		columns.versions.push(isWaiting(index) && state !== "ready" ? 0 : 1);
	}

	const summary = (id: PhotoId): PhotoSummary => {
		const photo = source.photo(id - 1);
		return {
			id,
			fileName: photo.fileName,
			width: photo.width,
			height: photo.height,
			takenAtMs: photo.takenAtMs,
			version: columns.versions[id - 1] ?? 0,
			state: columns.versions[id - 1] === 0 ? "waiting" : "searchable",
			offline: id % 41 === 7,
			generated: false,
			rating: id % 11 === 3 ? (id % 5) + 1 : null,
		};
	};

	const progress = (): Progress => ({
		phase: empty || state === "ready" ? "idle" : state === "paused" ? "paused" : "indexing",
		photos: empty ? 0 : count,
		drawn: 0,
		searchable: empty ? 0 : state === "ready" ? count - 3 : waitingFrom,
		failed: empty ? 0 : 3,
		waiting: empty || state === "ready" ? 0 : count - waitingFrom,
		photosPerSecond: state === "indexing" ? 94.2 : null,
		secondsLeft: state === "indexing" ? 81 : null,
		text: null,
		encoder: null,
		trouble: state === "trouble" ? "The disk that holds the library is full." : null,
	});

	const folders = (): Folder[] =>
		empty
			? []
			: [
					["Pictures", 0.72, "online"],
					["Trips", 0.21, "offline"],
					["Scans from the attic", 0.07, "online"],
				].map(([name, share, folderState], index) => ({
					id: folderIdSchema.parse(index + 1),
					path: `/home/person/${String(name)}`,
					name: String(name),
					state: folderState === "offline" ? "offline" : "online",
					photos: Math.round(count * Number(share)),
					searchable: Math.round(waitingFrom * Number(share)),
					failed: index === 0 ? 3 : 0,
					scanning: state === "indexing" && index === 0,
					watched: true,
				}));

	const columnsOf = (id: PhotoId) => ({
		aspectPermille: columns.aspectsPermille[id - 1] ?? 1000,
		version: 1,
	});
	let tell: ((event: EngineEvent) => void) | null = null;
	let revision = 0;
	const tags = new MadeUpTags(columnsOf, () => {
		revision += 1;
		tell?.({ type: "tags-changed", revision });
	});
	const labels = new MadeUpLabels(columns.ids, columnsOf);
	if (state === "ready") tags.fill(columns.ids);

	const search = new MadeUpSearch({ source, searchable: waitingFrom, columnsOf, tags });
	const saved = new MadeUpSaved((seed) => idOf(seed % count), state === "ready");

	const base = implement(contract);
	const events = {
		async *stream(signal: AbortSignal | undefined): AsyncGenerator<EngineEvent, void, void> {
			yield { type: "progress", progress: progress() };
			const ended = new Promise<null>((resolve) => {
				signal?.addEventListener("abort", () => resolve(null));
			});
			for (;;) {
				const next = new Promise<EngineEvent>((resolve) => {
					tell = resolve;
				});
				const event = await Promise.race([next, ended]);
				if (event === null) return;
				yield event;
			}
		},
	};
	const router = base.router({
		folder: {
			list: base.folder.list.handler(folders),
			add: base.folder.add.handler(() => {
				empty = false;
				return firstFolder();
			}),
			addDemo: base.folder.addDemo.handler(() => {
				empty = false;
				return firstFolder();
			}),
			remove: base.folder.remove.handler(() => ({ photosForgotten: 1204 })),
			rescan: base.folder.rescan.handler(() => undefined),
			browse: base.folder.browse.handler(() => ({
				path: "/home/person",
				parent: "/home",
				folders: ["Documents", "Music", "Pictures"].map((name) => ({
					name,
					path: `/home/person/${name}`,
				})),
				photoFiles: 12,
				places: [{ name: "Pictures", path: "/home/person/Pictures" }],
			})),
		},
		photo: {
			columns: base.photo.columns.handler(({ input: { group } }) => {
				if (empty) return noColumns;
				if (group === "time") return columns;
				const photos = columns.ids.map((id) => [id, source.photo(id - 1).takenAtMs] as const);
				return { ...columns, groups: madeUpGroups(photos, group) };
			}),
			summaries: base.photo.summaries.handler(({ input }) => input.ids.map(summary)),
			detail: base.photo.detail.handler(({ input, errors }) => {
				if (input.id > count) throw errors.PHOTO_NOT_FOUND({ data: {} });
				return {
					...summary(input.id),
					folderId: folderIdSchema.parse(1),
					path: `/home/person/Pictures/${summary(input.id).fileName}`,
					relativePath: summary(input.id).fileName,
					sizeBytes: 4_312_000,
					modifiedAtMs: summary(input.id).takenAtMs,
					format: "JPEG",
					takenAtKnown: true,
					takenOffsetMinutes: 60,
					latitude: 38.71,
					longitude: -9.14,
					cameraMake: "Canon",
					cameraModel: "EOS 80D",
					lens: "EF-S 18-135mm",
					focalLengthMm: 35,
					aperture: 5.6,
					exposureSeconds: 1 / 250,
					iso: 200,
					failure: null,
				};
			}),
			failures: base.photo.failures.handler(() =>
				[1, 2, 3].map((number) => ({
					id: idOf(number),
					path: `/home/person/Pictures/broken-${number}.jpg`,
					reason: "truncated" as const,
					message: "The file ends before the picture does.",
					attempts: 1,
					failedAtMs: Date.UTC(2026, 9, 30),
				})),
			),
			retry: base.photo.retry.handler(() => ({ queued: 3 })),
			prioritise: base.photo.prioritise.handler(() => undefined),
			reveal: base.photo.reveal.handler(() => undefined),
		},
		search: {
			parse: base.search.parse.handler(({ input }) => parseMadeUp(input.query)),
			text: base.search.text.handler(({ input }) => search.arranged(input.query, input)),
			image: base.search.image.handler(({ input }) => search.arranged(input.image.name, input)),
			keepPicture: base.search.keepPicture.handler(({ input }) => ({ key: input.image.name })),
			similar: base.search.similar.handler(({ input }) => search.arranged(String(input.id), input)),
			complete: base.search.complete.handler(({ input: { query, limit } }) =>
				["tag:dog", "in Portugal", "sunset", "market"]
					.filter((text) => query !== "" && text.includes(query.split(" ").at(-1) ?? ""))
					.slice(0, limit)
					.map((text) => ({ kind: "word", text, query: text, photos: 3 })),
			),
			suggestions: base.search.suggestions.handler(() => [
				"beach at sunset",
				"dog in the snow",
				"birthday cake",
				"mountains",
				"people laughing",
			]),
		},
		lookAlike: {
			list: base.lookAlike.list.handler(() => ({
				total: 0,
				copies: 0,
				copiesBytes: 0,
				groups: [],
			})),
			keepAll: base.lookAlike.keepAll.handler(() => undefined),
			showAgain: base.lookAlike.showAgain.handler(() => undefined),
			moveToTrash: base.lookAlike.moveToTrash.handler(({ errors }) => {
				throw errors.NOT_SUPPORTED({ data: {} });
			}),
		},
		trash: {
			putPhotos: base.trash.putPhotos.handler(({ input }) => ({
				moveId: 1,
				moved: input.photos.map(({ id }) => id),
				stayed: [],
				restorable: true,
				passedOn: [],
			})),
			restore: base.trash.restore.handler(() => ({ restored: 1 })),
		},
		savedSearch: {
			list: base.savedSearch.list.handler(() => [...saved.all]),
			save: base.savedSearch.save.handler(({ input, errors }) => {
				if (saved.all.some(({ name }) => name === input.name)) {
					throw errors.NAME_TAKEN({ message: "That name is taken.", data: { field: "name" } });
				}
				return saved.save(input.name, input.question);
			}),
			update: base.savedSearch.update.handler(({ input: { id, name, question }, errors }) => {
				const change = { ...(name && { name }), ...(question && { question }) };
				const changed = saved.change(id, change);
				if (changed === undefined) throw errors.SAVED_SEARCH_NOT_FOUND({ data: {} });
				return changed;
			}),
			remove: base.savedSearch.remove.handler(({ input }) => saved.remove(input.id)),
			restore: base.savedSearch.restore.handler(({ input, errors }) => {
				const back = saved.restore(input.id);
				if (back === undefined) throw errors.SAVED_SEARCH_NOT_FOUND({ data: {} });
				return back;
			}),
			reorder: base.savedSearch.reorder.handler(({ input }) => saved.reorder(input.ids)),
			seen: base.savedSearch.seen.handler(({ input }) => {
				const matches = saved.all.find(({ id }) => id === input.id)?.matches;
				if (matches) saved.change(input.id, { matches: { ...matches, fresh: 0 } });
			}),
			run: base.savedSearch.run.handler(({ input }) =>
				search.ranked(String(input.id), { limit: input.limit, strictness: 0.3 }),
			),
		},
		...tagAnswers(tags, labels),
		generation: drawingAnswers(base),
		activity: {
			progress: base.activity.progress.handler(progress),
			events: base.activity.events.handler(({ signal }) => events.stream(signal)),
			pause: base.activity.pause.handler(() => ({ ...progress(), phase: "paused" as const })),
			resume: base.activity.resume.handler(progress),
		},
		recognition: {
			status: base.recognition.status.handler(() => textReading),
			change: base.recognition.change.handler(({ input }) => ({ ...textReading, ...input })),
			start: base.recognition.start.handler(() => textReading),
			ofPhoto: base.recognition.ofPhoto.handler(({ input }) => ({
				state: "read" as const,
				lines: input.id % 3 === 0 ? madeUpLines : [],
			})),
		},
		model: {
			encoder: base.model.encoder.handler(() => encoderStatus),
			probe: base.model.probe.handler(() => encoderStatus),
			choosePlace: base.model.choosePlace.handler(({ input }) => ({
				...encoderStatus,
				place: input.place,
			})),
			...modelAnswers(base),
		},
		encoderChange: encoderChangeAnswers(base),
		library: {
			status: base.library.status.handler(() => ({
				version: "0.1.0",
				path: "/home/person/.local/share/afterimage",
				sizeBytes: 812_000_000,
				photos: count,
				drawn: 0,
				searchable: waitingFrom,
				failed: 3,
				waiting: count - waitingFrom,
				folders: folders().length,
				offlineFolders: 1,
				paused: false,
				index: { kind: "exact" as const, vectors: waitingFrom, recallAt10: 1, searchWidth: null },
				encoder: encoderStatus,
				outgoingConnections: 0,
				connections: [],
			})),
			check: base.library.check.handler(() => [
				{ check: "database" as const, outcome: "good" as const, message: "The database is sound." },
			]),
		},
	});

	function firstFolder(): Folder {
		const [folder] = folders();
		if (folder === undefined) throw new Error("There is no folder.");
		return folder;
	}

	const client: EngineClient = createRouterClient(router, { context: {} });

	return {
		client,
		thumbnailUrl: (id) => source.photo(id - 1).url,
		displayUrl: (id) => source.photo(id - 1).url,
		chooseFolder: null,
		onConnection: (listener) => {
			listener(true);
			if (state === "away") setTimeout(() => listener(false), 600);
			return () => undefined;
		},
	};
}

const encoderStatus: EncoderStatus = {
	id: encoderId,
	title: "Made-up encoder",
	licence: "Apache-2.0",
	dimensions: 512,
	state: "ready",
	problem: null,
	provider: "cpu",
	place: "auto",
	lost: null,
	trials: [
		{
			provider: "cpu",
			outcome: "chosen",
			parity: 1,
			imagesPerSecond: 94,
			batchSize: 4,
			reason: null,
		},
		{
			provider: "webgpu",
			outcome: "unavailable",
			parity: null,
			imagesPerSecond: null,
			batchSize: null,
			reason: "No adapter was found.",
		},
	],
};

const noColumns = { ids: [], aspectsPermille: [], days: [], versions: [] };
