/** @file Downloads one model of the catalogue: every file, then its name. */
import { statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../contract/errors.ts";
import type { InstallEvent } from "../../contract/model-package.ts";
import { downloadFile, fileSha256 } from "./download-file.ts";
import { finishEncoder } from "./finish-encoder.ts";
import { fileAddress } from "./hub-address.ts";
import { type CatalogueEntry, downloadBytes } from "./model-catalogue.ts";
import type { InstalledModel, ModelStore } from "./model-store.ts";
import type { TransferLimits } from "./transfer-limits.ts";
import { TransferRate } from "./transfer-rate.ts";

/** Left free on the disk when a model is installed. */
const spareBytes = 200_000_000;

export interface InstallParts {
	store: ModelStore;
	/** Where the photos and phrases are that a new encoder is tried on. */
	resourcesPath: string;
	limits: TransferLimits;
	/** Null where the system does not say. */
	freeBytes(): Promise<number | null>;
	onReceived(host: string, bytes: number, why: string): void;
}

/**
 * @param hub without a slash at its end
 * @throws Refusal for every way it can end without the model; the signal's reason.
 */
export async function installModel(
	entry: CatalogueEntry,
	hub: string,
	parts: InstallParts,
	signal: AbortSignal,
	tell: (event: InstallEvent) => void,
): Promise<void> {
	const { repository, revision, files, id } = entry;
	if (repository === null || revision === null || files.length === 0) {
		throw new Refusal(
			"NOT_SUPPORTED",
			`Nobody has looked up yet what of ${entry.title} there is. Look it up first, or install it from a folder.`,
		);
	}
	const { store, limits } = parts;
	if ((await store.find(id)) !== null) return;
	const staging = store.stagingPath(id);
	await checkSpace(entry, parts);

	const rate = new TransferRate();
	const sizes = files.map(({ sizeBytes }) => sizeBytes ?? 0);
	const done = files.map(() => 0);
	const sha256: Record<string, string> = {};
	for (const [index, file] of files.entries()) {
		signal.throwIfAborted();
		const path = join(staging, file.name);
		const { name, sizeBytes } = file;
		const expected = file.sha256 === "unverified" ? null : file.sha256;
		const progress = () => {
			const doneBytes = sum(done);
			const totalBytes = Math.max(sum(sizes), doneBytes);
			const bytesPerSecond = rate.bytesPerSecond(performance.now());
			const secondsLeft = bytesPerSecond ? (totalBytes - doneBytes) / bytesPerSecond : null;
			tell({
				phase: "downloading",
				file: name,
				doneBytes,
				totalBytes,
				bytesPerSecond,
				secondsLeft,
			});
		};
		// Whole since an earlier try; what is told of it is still looked at.
		if (await isThere(path)) {
			tell({ phase: "checking", file: name });
			const actual = await fileSha256(path, signal);
			if (expected === null || actual === expected) {
				sha256[name] = actual;
				done[index] = sizes[index] = statSync(path).size;
				continue;
			}
		}
		sha256[name] = await downloadFile(
			{
				address: fileAddress(hub, repository, revision, name),
				name,
				sizeBytes,
				sha256: expected,
				needsChecksum: /\.onnx(_data.*)?$/.test(name),
			},
			path,
			{
				signal,
				limits,
				onProgress: (doneBytes, totalBytes) => {
					done[index] = doneBytes;
					sizes[index] = totalBytes ?? Math.max(sizes[index] ?? 0, doneBytes);
					progress();
				},
				onReceived: (host, bytes) => {
					rate.add(bytes, performance.now());
					parts.onReceived(host, bytes, `Downloading ${entry.title}`);
				},
				onWaiting: (waitMs, reason) =>
					tell({ phase: "waiting", seconds: Math.ceil(waitMs / 1000), reason }),
				onChecking: () => tell({ phase: "checking", file: name }),
			},
		);
	}
	const record: InstalledModel = {
		format: 1,
		id,
		kind: entry.kind,
		title: entry.title,
		licence: entry.licence,
		origin: new URL(hub).host,
		revision,
		installedAtMs: Date.now(),
		sizeBytes: sum(files.map(({ name }) => statSync(join(staging, name)).size)),
		imagesPerSecond: null,
		sha256,
	};
	if (entry.kind === "generator") return store.finish(staging, record);
	tell({ phase: "checking", file: "model.json" });
	const finished = await finishEncoder(staging, record, parts.resourcesPath);
	await store.finish(staging, finished.record);
}

async function checkSpace(entry: CatalogueEntry, parts: InstallParts): Promise<void> {
	const free = await parts.freeBytes();
	const missing = downloadBytes(entry) - (await parts.store.keptBytes(entry.id));
	if (free === null || free >= missing + spareBytes) return;
	throw new Refusal(
		"DISK_FULL",
		`${entry.title} needs ${inMegabytes(missing + spareBytes)} on the disk of ${parts.store.path}, where ${inMegabytes(free)} are free.`,
		{ path: parts.store.path },
	);
}

/** Such as `154 MB`. */
export function inMegabytes(bytes: number): string {
	return `${Math.ceil(bytes / 1e6)} MB`;
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, value) => total + value, 0);
}

async function isThere(path: string): Promise<boolean> {
	return stat(path).then(
		() => true,
		() => false,
	);
}
