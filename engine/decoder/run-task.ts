/** @file One request from bytes to outcome, inside a decoding process. */
import { hash } from "node:crypto";
import { readEmbeddedMetadata } from "../xmp/embedded-metadata.ts";
import { isDrawn } from "../xmp/picture-origin.ts";
import type { ChildRequest, TaskOutcome } from "./child-protocol.ts";
import { decodePicture, decodeRegion, rasterOf, renderPicture } from "./decode-picture.ts";
import type { PhotoMetadata } from "./decoder.ts";
import { embeddedBlocks, formatOf, openPicture } from "./open-picture.ts";
import { perceptualHash } from "./perceptual-hash.ts";
import { readPhotoMetadata } from "./photo-metadata.ts";
import { wholeRule } from "./pixel-placement.ts";
import { readSource } from "./read-source.ts";
import { decodingFailure, toDecodeFailure } from "./unreadable-picture.ts";

async function run(
	{ source, task, limits }: ChildRequest,
	onSize: (sizeBytes: number) => void,
): Promise<TaskOutcome> {
	const bytes = readSource(source, limits.maxFileBytes, onSize);
	const format = formatOf(bytes);
	try {
		const contentHash = () => hash("sha256", bytes, "hex");
		if (task.kind === "describe") {
			const blocks = await embeddedBlocks(bytes, format);
			return {
				kind: "described",
				contentHash: contentHash(),
				fileMetadata: readEmbeddedMetadata(blocks),
				drawn: isDrawn({ ...blocks, hasCamera: hasCamera(readPhotoMetadata(blocks.exif)) }),
			};
		}
		const picture = await openPicture(bytes, format, limits.maxPixels);
		if (task.kind === "render") {
			const rendered = await renderPicture(picture, task.longestSide);
			return { kind: "rendered", contentType: "image/jpeg", ...rendered };
		}
		if (task.kind === "raster") {
			const { data, width, height } = await rasterOf(picture, task.longestSide);
			return { kind: "raster", contentHash: contentHash(), width, height, pixels: data };
		}
		const { pixels: rule } = task;
		const { whole, ...results } =
			task.region === undefined
				? await decodePicture(picture, bytes, task.pixels, task.thumbnail)
				: await decodeRegion(picture, task.region, task.pixels);
		const metadata = readPhotoMetadata(picture.exif);
		return {
			kind: "decoded",
			contentHash: contentHash(),
			sizeBytes: bytes.length,
			format: picture.format,
			...results,
			metadata,
			fileMetadata: readEmbeddedMetadata(picture),
			drawn: isDrawn({ ...picture, hasCamera: hasCamera(metadata) }),
			// The same for every encoder: copies are found across a change.
			perceptualHash: perceptualHash(whole, wholeRule(rule)),
		};
	} catch (error) {
		throw decodingFailure(error, format, bytes);
	}
}

function hasCamera({ cameraMake, cameraModel }: PhotoMetadata): boolean {
	return cameraMake !== null || cameraModel !== null;
}

/** Never rejects. @param onSize told a file's size before it is read. */
export async function runTask(
	request: ChildRequest,
	onSize: (sizeBytes: number) => void,
): Promise<TaskOutcome> {
	try {
		return await run(request, onSize);
	} catch (error) {
		return toDecodeFailure(error);
	}
}
