/** @file The models of this computer: what there is, and the installs under way. */
import { Refusal } from "../../contract/errors.ts";
import type { InstallEvent, Model, ModelId, ModelList } from "../../contract/model-package.ts";
import { isBundled } from "./bundled-models.ts";
import { describeUnknown, installedState, notUsable } from "./describe-model.ts";
import { parseMirror, usualHub } from "./hub-address.ts";
import { lookUp } from "./hub-lookup.ts";
import { installFolder } from "./install-folder.ts";
import { type InstallParts, installModel } from "./install-model.ts";
import {
	type CatalogueEntry,
	downloadBytes,
	isDownloadable,
	readModelCatalogue,
} from "./model-catalogue.ts";
import { type InstalledModel, ModelStore } from "./model-store.ts";
import { Pins, pinned } from "./pins.ts";
import { RunningInstalls } from "./running-installs.ts";
import { type TransferLimits, usualLimits } from "./transfer-limits.ts";
import { wantedFiles } from "./wanted-files.ts";

export interface ModelsParts {
	/** Where packages are installed. */
	path: string;
	resourcesPath: string;
	/** Remembered across starts. */
	mirror: { get(): Promise<unknown>; set(mirror: string | null): Promise<void> };
	onChanged(): void;
	/** True for a model that is being used: it is not removed. */
	isUsed?: (id: ModelId) => boolean;
	onReceived: InstallParts["onReceived"];
	limits?: TransferLimits;
	/** Free bytes on the disk; the system's word where absent. */
	freeBytes?: () => Promise<number | null>;
	/** Instead of the bundled one. */
	catalogue?: CatalogueEntry[];
}

export class Models {
	readonly #parts: ModelsParts;
	readonly #store: ModelStore;
	readonly #pins: Pins;
	readonly #catalogue: readonly CatalogueEntry[];
	readonly #installs: RunningInstalls;

	private constructor(parts: ModelsParts) {
		this.#parts = parts;
		this.#store = new ModelStore(parts.path);
		this.#pins = new Pins(parts.path);
		this.#catalogue = parts.catalogue ?? readModelCatalogue(parts.resourcesPath);
		this.#installs = new RunningInstalls({
			install: (...asked) => this.#download(...asked),
			onChanged: () => parts.onChanged(),
		});
	}

	/** Tidies what an earlier process left half done. */
	static async open(parts: ModelsParts): Promise<Models> {
		const models = new Models(parts);
		await models.#store.clean(new Set(models.#catalogue.map(({ id }) => id)));
		return models;
	}

	async list(): Promise<ModelList> {
		const installed = new Map((await this.#store.installed()).map((one) => [one.id, one]));
		const models: Model[] = [];
		for (const entry of this.#catalogue) {
			models.push(await this.#describe(entry, installed.get(entry.id)));
			installed.delete(entry.id);
		}
		for (const record of installed.values()) {
			models.push(describeUnknown(record, this.#store.packagePath(record.id)));
		}
		const mirror = await this.#mirror();
		return {
			models,
			path: this.#store.path,
			freeBytes: await this.#freeBytes(),
			host: new URL(mirror ?? usualHub).host,
			mirror,
		};
	}

	/** Installed packages that can find photos, with their folders. */
	async installedEncoders(): Promise<{ id: ModelId; path: string }[]> {
		const records = await this.#store.installed();
		return records
			.filter(({ kind }) => kind === "encoder")
			.map(({ id }) => ({ id, path: this.#store.packagePath(id) }));
	}

	/** @throws Refusal NOT_SUPPORTED */
	async setMirror(mirror: string | null): Promise<ModelList> {
		await this.#parts.mirror.set(mirror === null ? null : parseMirror(mirror));
		this.#parts.onChanged();
		return this.list();
	}

	/**
	 * Starts the install where none runs; yields how it goes until it ends or the caller leaves.
	 * @throws Refusal MODEL_NOT_FOUND, NOT_SUPPORTED. What goes wrong later is its last event.
	 */
	install(id: ModelId, signal: AbortSignal | undefined): AsyncGenerator<InstallEvent> {
		return this.#installs.follow(this.#entry(id), signal);
	}

	/**
	 * Asks the hub what there is of a model, and remembers it.
	 * @throws Refusal MODEL_NOT_FOUND, NOT_SUPPORTED, DOWNLOAD_FAILED.
	 */
	async lookUp(id: ModelId, asked?: AbortSignal): Promise<Model> {
		const signal = asked ?? new AbortController().signal;
		const entry = this.#entry(id);
		const { repository } = entry;
		const installed = (await this.#store.find(id)) ?? undefined;
		// What is known for certain is not asked for.
		if (isDownloadable(entry) || installed !== undefined) return this.#describe(entry, installed);
		if (this.#installs.has(id)) throw new Refusal("MODEL_BUSY");
		if (repository === null) {
			throw new Refusal(
				"NOT_SUPPORTED",
				`No repository with ${entry.title} is known. Get its files yourself and install them from a folder.`,
			);
		}
		const hub = (await this.#mirror()) ?? usualHub;
		const { limits = usualLimits, onReceived } = this.#parts;
		const parts = { limits, onReceived };
		const revision = entry.revision ?? "main";
		const listing = await lookUp(hub, repository, revision, parts, signal);
		const files = wantedFiles(entry, listing);
		const before = await this.#pins.find(entry);
		// Files of two revisions are not put together.
		if (before?.revision !== listing.revision) await this.#store.discardStaged(id);
		await this.#pins.keep(id, {
			format: 1,
			repository,
			revision: listing.revision,
			host: new URL(hub).host,
			licence: listing.licence,
			lookedUpAtMs: Date.now(),
			files: files.map(({ name, sizeBytes, sha256 }) => ({
				name,
				// An empty file has no size to compare; it is as long as it is.
				sizeBytes: sizeBytes === 0 ? null : sizeBytes,
				sha256: sha256 ?? "unverified",
			})),
		});
		this.#parts.onChanged();
		return this.#describe(entry, undefined);
	}

	cancel(id: ModelId): Promise<void> {
		return this.#installs.cancel(id);
	}

	async installFolder(path: string): Promise<ModelId> {
		const id = await installFolder(path, this.#catalogue, this.#store, this.#parts.resourcesPath);
		this.#parts.onChanged();
		return id;
	}

	/** @returns bytes freed. @throws Refusal MODEL_NOT_FOUND, MODEL_BUSY. */
	async remove(id: ModelId): Promise<number> {
		if (isBundled(id)) {
			throw new Refusal("NOT_SUPPORTED", "The starter came with the app and cannot be removed.");
		}
		if (this.#installs.has(id)) throw new Refusal("MODEL_BUSY");
		if (this.#parts.isUsed?.(id) === true) {
			throw new Refusal(
				"MODEL_BUSY",
				"This library is searched with that model, or is changing to it. Change to another one first.",
			);
		}
		const kept = await this.#store.keptBytes(id);
		if (kept === 0 && (await this.#store.find(id)) === null) {
			throw new Refusal("MODEL_NOT_FOUND", `The model "${id}" is not installed.`);
		}
		const release = await this.#store.claim(id);
		try {
			return await this.#store.remove(id);
		} finally {
			release();
			this.#parts.onChanged();
		}
	}

	/** Stops what is under way; it can be resumed. */
	close(): Promise<void> {
		return this.#installs.close();
	}

	#entry(id: ModelId): CatalogueEntry {
		const entry = this.#catalogue.find((one) => one.id === id);
		if (entry === undefined) {
			throw new Refusal("MODEL_NOT_FOUND", `There is no model "${id}" in the catalogue.`);
		}
		if (isBundled(id)) throw new Refusal("NOT_SUPPORTED", "The starter is there already.");
		return entry;
	}

	async #download(
		entry: CatalogueEntry,
		signal: AbortSignal,
		tell: (event: InstallEvent) => void,
	): Promise<void> {
		const store = this.#store;
		const { limits = usualLimits, onReceived, resourcesPath } = this.#parts;
		const release = await store.claim(entry.id);
		try {
			const freeBytes = () => this.#freeBytes();
			const hub = (await this.#mirror()) ?? usualHub;
			const parts = { store, resourcesPath, limits, freeBytes, onReceived };
			await installModel(pinned(entry, await this.#pins.find(entry)), hub, parts, signal, tell);
		} finally {
			release();
		}
	}

	async #describe(entry: CatalogueEntry, record: InstalledModel | undefined): Promise<Model> {
		const pin = await this.#pins.find(entry);
		const known = pinned(entry, pin);
		const { repository: _, revision: __, form: ___, files, ...facts } = known;
		return {
			...facts,
			downloadBytes: downloadBytes(known),
			// Even a look-up's checksums are only the hub's word.
			verified: pin === null && files.every(({ sha256 }) => sha256 !== "unverified"),
			imagesPerSecond: record?.imagesPerSecond ?? null,
			state: await this.#stateOf(known, record),
			pin: pin && {
				host: pin.host,
				revision: pin.revision,
				licence: pin.licence,
				lookedUpAtMs: pin.lookedUpAtMs,
				files: pin.files.length,
			},
			notUsable: notUsable(entry.kind, record, this.#store.packagePath(entry.id)),
		};
	}

	async #stateOf(
		entry: CatalogueEntry,
		record: InstalledModel | undefined,
	): Promise<Model["state"]> {
		if (isBundled(entry.id)) return { kind: "bundled" };
		const progress = this.#installs.progressOf(entry.id);
		if (progress !== null) return { kind: "installing", progress };
		if (record !== undefined) return installedState(record);
		if (entry.repository === null) return { kind: "folder-only" };
		if (!isDownloadable(entry)) return { kind: "not-looked-up" };
		return { kind: "available", keptBytes: await this.#store.keptBytes(entry.id) };
	}

	#freeBytes(): Promise<number | null> {
		return this.#parts.freeBytes?.() ?? this.#store.freeBytes();
	}

	async #mirror(): Promise<string | null> {
		const mirror = await this.#parts.mirror.get();
		return typeof mirror === "string" ? mirror : null;
	}
}
