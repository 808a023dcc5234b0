/** @file Asks the hub what a repository holds at this moment: its commit, its files, their checksums. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { failed, requestFile, TryAgain } from "./hub-request.ts";
import { packageFileNameSchema } from "./model-catalogue.ts";
import type { TransferLimits } from "./transfer-limits.ts";

/** A file of a repository. */
export interface ListedFile {
	name: string;
	sizeBytes: number;
	/** Null for small files, which the hub keeps without one. */
	sha256: string | null;
}

/** A repository at one commit. */
export interface Listing {
	/** The full commit. */
	revision: string;
	/** As the hub has it, such as `apache-2.0`; null where it names none. */
	licence: string | null;
	files: ListedFile[];
}

/** The hub's answer is a list of names; more than this is something else. */
const mostAnswerBytes = 8_000_000;

const answerSchema = z.object({
	sha: z.string().regex(/^[0-9a-f]{40}$/),
	gated: z.union([z.boolean(), z.string()]).optional(),
	private: z.boolean().optional(),
	cardData: z.object({ license: z.unknown() }).nullish(),
	siblings: z
		.array(
			z.object({
				rfilename: z.string(),
				size: z.number().int().nonnegative(),
				lfs: z
					.object({
						sha256: z.string().regex(/^[0-9a-f]{64}$/),
						size: z.number().int().nonnegative(),
					})
					.nullish(),
			}),
		)
		.max(5000),
});

export interface LookupParts {
	limits: TransferLimits;
	onReceived(host: string, bytes: number, why: string): void;
}

/**
 * One request: `<hub>/api/models/<repository>/revision/<revision>?blobs=true`, which mirrors answer too
 * (https://huggingface.co/docs/hub/api). Files with names that no model file has are left out.
 * @param hub without a slash at its end.
 * @param revision a branch or commit.
 * @throws Refusal DOWNLOAD_FAILED; the signal's reason.
 */
export async function lookUp(
	hub: string,
	repository: string,
	revision: string,
	{ limits, onReceived }: LookupParts,
	signal: AbortSignal,
): Promise<Listing> {
	const address = new URL(`${hub}/api/models/${repository}/revision/${revision}?blobs=true`);
	const text = await askPatiently(address, limits, signal);
	onReceived(address.host, Buffer.byteLength(text), `Looking up ${repository}`);
	const parsed = answerSchema.safeParse(parseJson(text));
	if (!parsed.success) {
		throw failed(
			`${address.host} did not say what ${repository} holds. Is the mirror a whole one?`,
		);
	}
	const { sha, gated, siblings, cardData } = parsed.data;
	if (gated !== undefined && gated !== false) {
		throw failed(
			`The owner of ${repository} asks for an account or an agreement first. Get the files at ${address.host} and install them from a folder.`,
		);
	}
	if (/^[0-9a-f]{40}$/.test(revision) && revision !== sha) {
		throw failed(`${address.host} answered with another revision of ${repository} than asked for.`);
	}
	const files = siblings.flatMap(({ rfilename: name, size, lfs }) => {
		if (!packageFileNameSchema.safeParse(name).success) return [];
		return [{ name, sizeBytes: lfs?.size ?? size, sha256: lfs?.sha256 ?? null }];
	});
	const licence = typeof cardData?.license === "string" ? cardData.license.slice(0, 60) : null;
	return { revision: sha, licence, files };
}

async function askPatiently(
	address: URL,
	limits: TransferLimits,
	signal: AbortSignal,
): Promise<string> {
	for (let tried = 1; ; tried += 1) {
		const timeout = AbortSignal.timeout(limits.stallMs);
		try {
			const { response } = await requestFile(
				address,
				{ accept: "application/json" },
				limits.mostRedirects,
				AbortSignal.any([signal, timeout]),
			);
			return await bodyOf(response, address);
		} catch (error) {
			signal.throwIfAborted();
			const late = timeout.aborted ? new TryAgain(`${address.host} does not answer.`) : error;
			if (!(late instanceof TryAgain)) throw late;
			const waitMs = late.waitMs ?? limits.retryMs * 2 ** (tried - 1);
			if (tried >= limits.mostTries || waitMs > limits.longestWaitMs) {
				throw failed(`${late.message} Try again later.`);
			}
			await delay(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
		}
	}
}

async function bodyOf(response: Response, { host }: URL): Promise<string> {
	const pieces: Uint8Array[] = [];
	let size = 0;
	if (response.body === null) return "";
	for await (const piece of response.body) {
		size += piece.length;
		if (size > mostAnswerBytes) {
			await response.body.cancel().catch(() => undefined);
			throw failed(`${host} sent far more than a list of files.`);
		}
		pieces.push(piece);
	}
	return Buffer.concat(pieces).toString("utf8");
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
