/** @file Worker thread of one tower: verifies its files, opens it on first use, serves in order. */
import { parentPort, workerData } from "node:worker_threads";
import { assertNever, Refusal } from "../../contract/errors.ts";
import { verifyModelPackage } from "./model-package.ts";
import type { openPictureTower } from "./picture-tower.ts";
import { SteadyPictureTower } from "./steady-picture-tower.ts";
import { openTextTower, type TextTower } from "./text-tower.ts";
import type {
	TowerProblem,
	TowerReply,
	TowerRequest,
	TowerResult,
	TowerStart,
} from "./tower-messages.ts";

/**
 * Answers the requests of the encoder, which started this thread, until it is told to close.
 * @param openPictures another one than the real only to see how a failing device is borne.
 */
export function serveTower(openPictures: typeof openPictureTower): void {
	const start: TowerStart = workerData;
	const port = parentPort;
	if (port === null) throw new Error("This module runs in a worker thread only.");
	const { modelPackage, threads } = start;
	const pictures = new SteadyPictureTower(
		(provider) => openPictures(modelPackage, provider, threads),
		start.provider,
	);
	let verified = false;
	let textTower: TextTower | null = null;
	let queue: Promise<unknown> = Promise.resolve();

	port.on("message", (message: { id: number; request: TowerRequest }) => {
		queue = queue.then(() => serve(message.id, message.request));
	});

	async function serve(id: number, request: TowerRequest): Promise<void> {
		let loaded = false;
		const reply = (message: TowerReply, transfer: ArrayBuffer[] = []) =>
			port?.postMessage(message, transfer);
		try {
			if (request.kind === "close") {
				await Promise.all([pictures.close(), textTower?.close()]);
			} else {
				if (request.kind === "use-provider") await pictures.use(request.provider);
				await load();
				loaded = true;
			}
			const result = await answer(request);
			reply({ id, kind: "done", result }, [result.vectors.buffer]);
			if (request.kind === "close") port?.close();
		} catch (error) {
			reply({ id, kind: "failed", problem: describe(start, error, loaded) });
		}
	}

	/** Nothing is remembered of a failed load, so that the next request finds a mended package. */
	async function load(): Promise<void> {
		if (!verified) await verifyModelPackage(modelPackage, start.tower);
		verified = true;
		if (start.tower === "picture") await pictures.load();
		else textTower ??= await openTextTower(modelPackage, threads);
	}

	async function answer(request: TowerRequest): Promise<TowerResult> {
		switch (request.kind) {
			case "pictures": {
				if (start.tower !== "picture") throw new Error("This thread holds no picture tower.");
				const vectors = await pictures.embed(request.pixels, request.count);
				return { vectors, shortened: [], provider: pictures.provider, lost: pictures.lost };
			}
			case "texts": {
				if (textTower === null) throw new Error("This thread holds no text tower.");
				const { vectors, shortened } = await textTower.embed(request.texts);
				return { vectors, shortened, provider: "cpu", lost: null };
			}
			case "load":
			case "use-provider":
			case "close": {
				const { provider, lost } = pictures;
				return { vectors: new Float32Array(), shortened: [], provider, lost };
			}
			default:
				return assertNever(request);
		}
	}
}

function describe(start: TowerStart, error: unknown, loaded: boolean): TowerProblem {
	if (error instanceof Refusal) return { message: error.message, detail: error.detail };
	const reason = error instanceof Error ? error.message : String(error);
	const what = loaded ? "failed" : "cannot be loaded";
	return {
		message: `The ${start.tower} half of ${start.modelPackage.manifest.title} ${what}: ${reason}`,
		detail: {},
	};
}
