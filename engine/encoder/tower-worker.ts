/** @file Worker thread of one tower: verifies its files, opens it on first use, serves in order. */
import { parentPort, workerData } from "node:worker_threads";
import { assertNever, Refusal } from "../../contract/errors.ts";
import type { ExecutionProvider } from "../../contract/model.ts";
import { verifyModelPackage } from "./model-package.ts";
import { openPictureTower, type PictureTower } from "./picture-tower.ts";
import { openTextTower, type TextTower } from "./text-tower.ts";
import type {
	TowerProblem,
	TowerReply,
	TowerRequest,
	TowerResult,
	TowerStart,
} from "./tower-messages.ts";

const start: TowerStart = workerData;
const port = parentPort;
if (port === null) throw new Error("This module runs in a worker thread only.");

let provider = start.provider;
let verified = false;
let pictureTower: PictureTower | null = null;
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
			await Promise.all([pictureTower?.close(), textTower?.close()]);
		} else {
			if (request.kind === "use-provider") await changeProvider(request.provider);
			await load();
			loaded = true;
		}
		const result = await answer(request);
		reply({ id, kind: "done", result }, [result.vectors.buffer]);
		if (request.kind === "close") port?.close();
	} catch (error) {
		reply({ id, kind: "failed", problem: describe(error, loaded) });
	}
}

/** Nothing is remembered of a failed load, so that the next request finds a mended package. */
async function load(): Promise<void> {
	if (pictureTower !== null || textTower !== null) return;
	if (!verified) await verifyModelPackage(start.modelPackage, start.tower);
	verified = true;
	if (start.tower === "text") {
		textTower = await openTextTower(start.modelPackage, start.threads);
		return;
	}
	try {
		pictureTower = await openPictureTower(start.modelPackage, provider, start.threads);
	} catch (error) {
		if (provider === "cpu") throw error;
		await changeProvider("cpu");
		pictureTower = await openPictureTower(start.modelPackage, provider, start.threads);
	}
}

async function answer(request: TowerRequest): Promise<TowerResult> {
	switch (request.kind) {
		case "pictures":
			return {
				vectors: await embedPictures(request.pixels, request.count),
				shortened: [],
				provider,
			};
		case "texts": {
			if (textTower === null) throw new Error("This thread holds no text tower.");
			const { vectors, shortened } = await textTower.embed(request.texts);
			return { vectors, shortened, provider: "cpu" };
		}
		case "load":
		case "use-provider":
		case "close":
			return { vectors: new Float32Array(), shortened: [], provider };
		default:
			return assertNever(request);
	}
}

/** A graphics device can go away at any time (sleep, driver reset): the CPU then takes over. */
async function embedPictures(
	pixels: Uint8Array,
	count: number,
): Promise<Float32Array<ArrayBuffer>> {
	if (pictureTower === null) throw new Error("This thread holds no picture tower.");
	try {
		return await pictureTower.embed(pixels, count);
	} catch (error) {
		if (provider === "cpu") throw error;
		await changeProvider("cpu");
		pictureTower = await openPictureTower(start.modelPackage, provider, start.threads);
		return pictureTower.embed(pixels, count);
	}
}

async function changeProvider(next: ExecutionProvider): Promise<void> {
	if (next === provider) return;
	const previous = pictureTower;
	pictureTower = null;
	provider = next;
	await previous?.close();
}

function describe(error: unknown, loaded: boolean): TowerProblem {
	if (error instanceof Refusal) return { message: error.message, detail: error.detail };
	const reason = error instanceof Error ? error.message : String(error);
	const what = loaded ? "failed" : "cannot be loaded";
	return {
		message: `The ${start.tower} half of ${start.modelPackage.manifest.title} ${what}: ${reason}`,
		detail: {},
	};
}
