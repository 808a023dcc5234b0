/** @file One file from the hub to the disk: resumed where it stopped, complete and checked, or not there. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import {
	type FileHandle,
	mkdir,
	open,
	readFile,
	rename,
	rm,
	stat,
	writeFile,
} from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { Refusal } from "../../contract/errors.ts";
import { causeOf, failed, type HubAnswer, requestFile, TryAgain } from "./hub-request.ts";
import type { TransferLimits } from "./transfer-limits.ts";

export interface WantedFile {
	address: URL;
	/** For messages. */
	name: string;
	sizeBytes: number | null;
	/** Null: the hub's own is taken. */
	sha256: string | null;
	/** Refuse the file where neither we nor the hub know its checksum. */
	needsChecksum: boolean;
}

export interface TransferWatch {
	signal: AbortSignal;
	limits: TransferLimits;
	/** Bytes of the file that are on disk, and its size as soon as it is known. */
	onProgress(doneBytes: number, totalBytes: number | null): void;
	onReceived(host: string, bytes: number): void;
	onWaiting(waitMs: number, reason: string): void;
	onChecking(): void;
}

/**
 * What is known of the bytes in the `.partial` file. `entityTag` is the server's name for this very
 * content: with `If-Range` it sends the rest of that content or the whole of another.
 */
const partialStateSchema = z.object({
	address: z.string(),
	entityTag: z.string(),
	sha256: z.string().nullable(),
});

/** The unfinished file beside the finished one. */
const partialSuffix = ".partial";
const stateSuffix = ".partial.json";

/**
 * Resolves to the file's SHA-256 when it is at `path`, whole. What arrived of it before stays for the
 * next try unless it is found to be wrong.
 * @throws Refusal DOWNLOAD_FAILED, MODEL_DAMAGED, DISK_FULL; the signal's reason.
 */
export async function downloadFile(
	wanted: WantedFile,
	path: string,
	watch: TransferWatch,
): Promise<string> {
	await mkdir(dirname(path), { recursive: true });
	const { limits, signal } = watch;
	let triesLeft = limits.mostTries;
	for (;;) {
		const before = await sizeOf(path + partialSuffix);
		try {
			const hubSha256 = await transfer(wanted, path, watch);
			return await complete(wanted, path, hubSha256, watch);
		} catch (error) {
			signal.throwIfAborted();
			if (!(error instanceof TryAgain)) throw asRefusal(error, path);
			if ((await sizeOf(path + partialSuffix)) > before) triesLeft = limits.mostTries;
			triesLeft -= 1;
			if (triesLeft <= 0) {
				throw failed(`${error.message} What has arrived is kept; try again later.`);
			}
			const tried = limits.mostTries - triesLeft;
			const waitMs = error.waitMs ?? limits.retryMs * 2 ** (tried - 1);
			if (waitMs > limits.longestWaitMs) {
				throw failed(
					`${error.message} It asks for ${Math.ceil(waitMs / 60_000)} minutes; try again then.`,
				);
			}
			watch.onWaiting(waitMs, error.message);
			await delay(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
		}
	}
}

/** Gets the bytes that are missing; resolves to the hub's SHA-256 when all are there. */
async function transfer(
	wanted: WantedFile,
	path: string,
	watch: TransferWatch,
): Promise<string | null> {
	const partialPath = path + partialSuffix;
	const kept = await readState(path, wanted.address);
	let have = kept === null ? 0 : await sizeOf(partialPath);
	if (kept !== null && wanted.sizeBytes !== null && have === wanted.sizeBytes) return kept.sha256;
	const stall = new StallWatch(watch.signal, watch.limits.stallMs);
	try {
		const answer = await requestFile(
			wanted.address,
			{
				// What is counted and hashed is the file, not a compressed form of it.
				"accept-encoding": "identity",
				...(have > 0 && kept && { range: `bytes=${have}-`, "if-range": kept.entityTag }),
			},
			watch.limits.mostRedirects,
			stall.signal,
		);
		const { response, hubSha256 } = answer;
		if (response.status === 416) {
			await response.body?.cancel().catch(() => undefined);
			await forget(path);
			throw new TryAgain(`${answer.host} knows another version of ${wanted.name}.`);
		}
		if (response.status === 206 && rangeStart(response) !== have) {
			await response.body?.cancel().catch(() => undefined);
			await forget(path);
			throw new TryAgain(`${answer.host} sent another part of ${wanted.name} than asked for.`);
		}
		if (response.status === 200) have = 0;
		const totalBytes = sizeAnnounced(answer, have);
		checkAnnounced(wanted, answer, totalBytes);
		await writeState(path, wanted.address, response, hubSha256);
		const file = await open(partialPath, have === 0 ? "w" : "a");
		try {
			have = await receive(answer, file, have, totalBytes, watch, stall);
			await file.sync();
		} finally {
			await file.close();
		}
		if (totalBytes !== null && have < totalBytes) {
			throw new TryAgain(`${answer.host} closed the connection too early.`);
		}
		return hubSha256;
	} catch (error) {
		watch.signal.throwIfAborted();
		if (stall.stalled) {
			throw new TryAgain(`${wanted.address.host} has stopped sending.`);
		}
		throw error;
	} finally {
		stall.stop();
	}
}

async function receive(
	{ response, host }: HubAnswer,
	file: FileHandle,
	start: number,
	totalBytes: number | null,
	watch: TransferWatch,
	stall: StallWatch,
): Promise<number> {
	let have = start;
	watch.onProgress(have, totalBytes);
	if (response.body === null) return have;
	const reader = response.body.getReader();
	try {
		for (;;) {
			const { done, value } = await reader.read().catch((error: unknown) => {
				stall.signal.throwIfAborted();
				throw new TryAgain(`The connection to ${host} broke off (${causeOf(error)}).`);
			});
			if (done) return have;
			stall.moved();
			await file.writeFile(value);
			have += value.length;
			watch.onReceived(host, value.length);
			if (totalBytes !== null && have > totalBytes) {
				throw damaged(`${host} sent more than it had announced.`);
			}
			watch.onProgress(have, totalBytes);
		}
	} finally {
		await reader.cancel().catch(() => undefined);
	}
}

/** Checks the whole and gives it its name; what is wrong is removed. */
async function complete(
	wanted: WantedFile,
	path: string,
	hubSha256: string | null,
	watch: TransferWatch,
): Promise<string> {
	watch.onChecking();
	const size = await sizeOf(path + partialSuffix);
	if (wanted.sizeBytes !== null && size !== wanted.sizeBytes) {
		await forget(path);
		throw damaged(`${wanted.name} has ${size} bytes instead of ${wanted.sizeBytes}.`);
	}
	const expected = wanted.sha256 ?? hubSha256;
	if (expected === null && wanted.needsChecksum) {
		await forget(path);
		throw damaged(
			`Nobody says which checksum ${wanted.name} should have, so it cannot be trusted. Use the hub itself instead of a mirror.`,
		);
	}
	const actual = await fileSha256(path + partialSuffix, watch.signal);
	if (expected !== null && actual !== expected) {
		await forget(path);
		throw damaged(
			`${wanted.name} arrived with other contents than it should have (its checksum is wrong), so it was thrown away.`,
		);
	}
	await rename(path + partialSuffix, path);
	await rm(path + stateSuffix, { force: true });
	return actual;
}

/** SHA-256 of a file of any size, in hexadecimal. */
export async function fileSha256(path: string, signal?: AbortSignal): Promise<string> {
	const hash = createHash("sha256");
	for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
		signal?.throwIfAborted();
		hash.update(piece);
	}
	return hash.digest("hex");
}

function checkAnnounced(wanted: WantedFile, answer: HubAnswer, totalBytes: number | null): void {
	const { hubSizeBytes, host, hubSha256 } = answer;
	for (const announced of [totalBytes, hubSizeBytes]) {
		if (wanted.sizeBytes !== null && announced !== null && announced !== wanted.sizeBytes) {
			throw damaged(
				`${host} announces ${announced} bytes for ${wanted.name} instead of ${wanted.sizeBytes}.`,
			);
		}
	}
	if (wanted.sha256 !== null && hubSha256 !== null && hubSha256 !== wanted.sha256) {
		throw damaged(`${host} announces other contents for ${wanted.name} than this version knows.`);
	}
}

function sizeAnnounced({ response, hubSizeBytes }: HubAnswer, have: number): number | null {
	const range = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
	if (range !== undefined) return Number(range);
	const length = response.headers.get("content-length");
	return length === null ? hubSizeBytes : have + Number(length);
}

function rangeStart(response: Response): number | null {
	const start = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
	return start === undefined ? null : Number(start);
}

async function readState(path: string, address: URL) {
	try {
		const value: unknown = JSON.parse(await readFile(path + stateSuffix, "utf8"));
		const state = partialStateSchema.parse(value);
		return state.address === address.href ? state : null;
	} catch {
		return null;
	}
}

/** Without a strong entity tag nothing can be resumed safely (RFC 9110, 13.1.5): no state is left. */
async function writeState(
	path: string,
	address: URL,
	{ headers }: Response,
	sha256: string | null,
): Promise<void> {
	const entityTag = headers.get("etag");
	if (entityTag === null || entityTag.startsWith("W/")) {
		await rm(path + stateSuffix, { force: true });
		return;
	}
	await writeFile(path + stateSuffix, JSON.stringify({ address: address.href, entityTag, sha256 }));
}

async function forget(path: string): Promise<void> {
	await Promise.all([
		rm(path + partialSuffix, { force: true }),
		rm(path + stateSuffix, { force: true }),
	]);
}

async function sizeOf(path: string): Promise<number> {
	return stat(path).then(
		({ size }) => size,
		() => 0,
	);
}

function asRefusal(error: unknown, path: string): unknown {
	if (error instanceof Error && "code" in error) {
		if (error.code === "ENOSPC" || error.code === "EDQUOT") {
			return new Refusal("DISK_FULL", "The disk that holds the models is full.", { path });
		}
	}
	return error;
}

function damaged(message: string): Refusal {
	return new Refusal("MODEL_DAMAGED", message);
}

/** Aborts when nothing has moved for a while, or when the caller's signal does. */
class StallWatch {
	readonly signal: AbortSignal;
	stalled = false;
	readonly #controller = new AbortController();
	readonly #timer: NodeJS.Timeout;

	constructor(signal: AbortSignal, stallMs: number) {
		this.signal = AbortSignal.any([signal, this.#controller.signal]);
		this.#timer = setTimeout(() => {
			this.stalled = true;
			this.#controller.abort();
		}, stallMs);
	}

	moved(): void {
		this.#timer.refresh();
	}

	stop(): void {
		clearTimeout(this.#timer);
	}
}
