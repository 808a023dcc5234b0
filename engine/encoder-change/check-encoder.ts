/** @file Proves a package before anything is embedded by it: its files, that it runs, and that its halves fit. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../contract/errors.ts";
import type { Decoder } from "../decoder/decoder.ts";
import type { DualEncoder } from "../encoder/dual-encoder.ts";
import { verifyModelPackage } from "../encoder/model-package.ts";
import { createDualEncoder } from "../encoder/onnx-dual-encoder.ts";
import { innerProduct } from "../index/similarity-scores.ts";
import type { ChosenEncoder } from "./search-side.ts";

export interface CheckEncoderParts {
	decoder: Decoder;
	/** Pictures whose file names say what they show, such as `two-dogs-at-a-window.jpg`. */
	picturesPath: string;
}

/** A picture is found by its name when it is among so many. */
const foundAmong = 5;
/** With fewer pictures chance finds too many. */
const leastPictures = 20;
/** Of 37 pictures chance finds five, and a third of them less than once in a thousand tries; an encoder that works finds most. */
const leastFound = 1 / 3;

/**
 * @param anyway leaves out whether words and pictures fit together, as for an encoder of another language.
 * @throws Refusal MODEL_UNAVAILABLE naming the package, and the file or field where one is at fault.
 */
export async function checkEncoder(
	parts: CheckEncoderParts,
	{ package: modelPackage, model }: ChosenEncoder,
	anyway: boolean,
): Promise<void> {
	const { manifest, path } = modelPackage;
	const encoder = createDualEncoder({ packagePath: path, manifest });
	try {
		await verifyModelPackage(modelPackage);
		const { names, found } = await findByNames(parts, encoder);
		if (anyway || names < leastPictures || found >= names * leastFound) return;
		throw new Refusal(
			"MODEL_UNAVAILABLE",
			`its words and its pictures do not fit together: it finds ${found} of ${names} well-known pictures by their names, about as many as by chance. Its two halves may be of different models, or model.json may describe them wrongly.`,
			{ path: join(path, "model.json") },
		);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		throw new Refusal(
			"MODEL_UNAVAILABLE",
			`${manifest.title} (${model}) cannot be used: ${error.message} The search model stays as it is.`,
			error.detail,
		);
	} finally {
		await encoder.close();
	}
}

/** Also the first use of both halves: a graph that is not what the manifest says refuses here. */
async function findByNames(
	{ decoder, picturesPath }: CheckEncoderParts,
	encoder: DualEncoder,
): Promise<{ names: number; found: number }> {
	const { size, resize, interpolation } = encoder.manifest.image;
	const [width, height] = size;
	const files = existsSync(picturesPath)
		? readdirSync(picturesPath).filter((name) => /\.(jpg|webp)$/.test(name))
		: [];
	const pictures: Uint8Array[] = [];
	const names: string[] = [];
	for (const name of files.sort()) {
		const outcome = await decoder.decode(
			{ filePath: join(picturesPath, name) },
			{ pixels: { width, height, resize, interpolation }, thumbnail: false },
		);
		if (outcome.kind === "failed") continue;
		pictures.push(Uint8Array.from(outcome.pixels));
		names.push(name.replace(/\.\w+$/, "").replaceAll("-", " "));
	}
	if (pictures.length === 0) {
		await encoder.embedPictures([new Uint8Array(width * height * 3).fill(127)]);
		await encoder.embedTexts(["a photo"]);
		return { names: 0, found: 0 };
	}
	const [seen, said] = [await encoder.embedPictures(pictures), await encoder.embedTexts(names)];
	const found = said.filter(({ vector }, own) => {
		const similarities = seen.map((picture) => innerProduct(vector, 0, picture));
		const mine = similarities[own] ?? -1;
		return similarities.filter((other) => other > mine).length < foundAmong;
	});
	return { names: names.length, found: found.length };
}
