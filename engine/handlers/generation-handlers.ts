/** @file Drawing from a prompt: families, queue, history, files. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { assertNever, Refusal } from "../../contract/errors.ts";
import type { DrawingSettings, DrawingStart } from "../../contract/generation.ts";
import type { DrawingId, PhotoId } from "../../contract/ids.ts";
import type { Decoder, PictureSource } from "../decoder/decoder.ts";
import { checkSettings } from "../generator/check-settings.ts";
import type { DrawingQueue } from "../generator/drawing-queue.ts";
import { drawnThumbnail, drawnWallpaper, previewOf } from "../generator/drawn-files.ts";
import {
	backendSettings,
	type Family,
	generatorOf,
	settingsForAll,
	statusOf,
} from "../generator/families.ts";
import { mainColours } from "../generator/main-colours.ts";
import { readProvenance } from "../generator/provenance.ts";
import { startPictureOf } from "../generator/start-picture.ts";
import type { DrawingsFolder } from "../library/drawings-folder.ts";
import { errorCode } from "../library/replace-file.ts";
import type { PictureFile } from "../open-library.ts";
import { implementer } from "./implementer.ts";

/** Of the largest size with a start picture, many times over. */
const drawnMaxBytes = 64 * 1024 * 1024;

/** A drawing that keeps to more than a few colours keeps to none. */
const coloursWanted = 6;
const colourPixels = {
	width: 32,
	height: 32,
	resize: "stretch",
	interpolation: "bilinear",
} as const;

export interface GenerationParts {
	queue: DrawingQueue;
	families: readonly Family[];
	drawingsFolder: Pick<DrawingsFolder, "isIncluded" | "include">;
	generatedPath: string;
	decoder: Pick<Decoder, "decode">;
	/** Where a photo's file is. Rejects with PHOTO_NOT_FOUND or FOLDER_OFFLINE. */
	photoSource(id: PhotoId): Promise<PictureSource>;
	thumbnail(id: PhotoId): Promise<PictureFile>;
}

export function generationHandlers(parts: GenerationParts) {
	const { queue, families, drawingsFolder, generatedPath, decoder } = parts;
	const { generation } = implementer;

	const fileOf = async (id: DrawingId) => {
		const { fileName } = await queue.get(id);
		if (fileName === null) throw new Refusal("DRAWING_NOT_FOUND", "That picture is not done yet.");
		try {
			return { fileName, bytes: await readFile(join(generatedPath, fileName)) };
		} catch (error) {
			if (errorCode(error) !== "ENOENT") throw error;
			throw new Refusal("DRAWING_NOT_FOUND", `The file ${fileName} is not there any more.`);
		}
	};

	const sourceOf = async (start: DrawingStart): Promise<PictureSource> => {
		switch (start.kind) {
			case "photo":
				return parts.photoSource(start.id);
			case "drawing":
				return { bytes: (await fileOf(start.id)).bytes };
			case "start-of": {
				const { startPicture } = await queue.get(start.id);
				if (startPicture === null) throw new Refusal("DRAWING_NOT_FOUND");
				return { bytes: startPicture };
			}
			case "file":
				return { bytes: new Uint8Array(await start.file.arrayBuffer()) };
			default:
				return assertNever(start);
		}
	};

	/** Uint8 RGB; nothing for what cannot be read. */
	const smallPixels = async (id: PhotoId): Promise<Uint8Array> => {
		try {
			const { body } = await parts.thumbnail(id);
			const outcome = await decoder.decode(body, { pixels: colourPixels, thumbnail: false });
			return outcome.kind === "failed" ? new Uint8Array() : outcome.pixels;
		} catch (error) {
			if (error instanceof Refusal) return new Uint8Array();
			throw error;
		}
	};

	const startOf = async (start: DrawingStart | null, settings: DrawingSettings) => {
		// A size out of range is named before a picture is made of it.
		const { description } = generatorOf(families, settings);
		checkSettings(backendSettings(settings, null), description);
		return start === null ? null : startPictureOf(decoder, await sourceOf(start), settings);
	};

	return {
		families: generation.families.handler(() => families.map(statusOf)),
		list: generation.list.handler(async () => ({
			paused: queue.paused,
			drawings: await queue.list(),
		})),
		draw: generation.draw.handler(async ({ input: { settings, start, count } }) => ({
			ids: await queue.add(settings, await startOf(start, settings), count),
		})),
		drawWithAll: generation.drawWithAll.handler(async ({ input: { settings, start } }) => {
			const all = settingsForAll(families, settings);
			if (all.length === 0) {
				throw new Refusal(
					"MODEL_UNAVAILABLE",
					"No way of drawing is there. Install Afterimage again.",
				);
			}
			const drawings = [];
			// The first family takes the longest: the others need not wait for it.
			for (const one of all.toReversed()) {
				const startPicture = await startOf(one.strength === null ? null : start, one);
				drawings.push({ settings: one, startPicture });
			}
			return { ids: await queue.addEach(drawings) };
		}),
		needs: generation.needs.handler(({ input }) => ({
			...generatorOf(families, input).needs(backendSettings(input, null)),
			freeMemoryBytes: process.availableMemory(),
		})),
		probe: generation.probe.handler(({ input, signal }) =>
			generatorOf(families, input).probe(signal ? { signal } : {}),
		),
		follow: generation.follow.handler(({ signal }) => queue.follow(signal)),
		pause: generation.pause.handler(({ input }) => {
			queue.pause(input.paused);
			return input;
		}),
		again: generation.again.handler(({ input }) => queue.again(input.ids)),
		reorder: generation.reorder.handler(({ input }) => queue.reorder(input.ids)),
		star: generation.star.handler(({ input }) => queue.star(input.id, input.starred)),
		discard: generation.discard.handler(({ input }) => queue.discard(input.ids)),
		restore: generation.restore.handler(({ input }) => queue.restore(input.ids)),
		picture: generation.picture.handler(async ({ input: { id, size } }) => {
			const { fileName, bytes } = await fileOf(id);
			switch (size) {
				case "full":
					return pictureFile(bytes, fileName, "image/png");
				case "thumbnail":
					return pictureFile(await drawnThumbnail(bytes), "thumbnail.jpg", "image/jpeg");
				case "wallpaper":
					return pictureFile(
						await drawnWallpaper(bytes),
						fileName.replace(/\.png$/, "-wallpaper.png"),
						"image/png",
					);
				default:
					return assertNever(size);
			}
		}),
		preview: generation.preview.handler(async ({ input }) => {
			const preview = queue.previewOf(input.id);
			if (preview === null) throw new Refusal("DRAWING_NOT_FOUND", "There is nothing to see yet.");
			return pictureFile(await previewOf(preview), "preview.jpg", "image/jpeg");
		}),
		read: generation.read.handler(async ({ input: { file } }) => {
			return drawnFileOf(new Uint8Array(await file.arrayBuffer()));
		}),
		ofPhoto: generation.ofPhoto.handler(async ({ input: { id } }) =>
			drawnFileOf(await bytesOf(await parts.photoSource(id))),
		),
		colours: generation.colours.handler(async ({ input }) => {
			const pixels = await Promise.all(input.ids.map((id) => smallPixels(id)));
			return { palette: mainColours(Buffer.concat(pixels), coloursWanted) };
		}),
		inLibrary: generation.inLibrary.handler(async () => ({
			included: await drawingsFolder.isIncluded(),
		})),
		includeInLibrary: generation.includeInLibrary.handler(async ({ input }) => {
			await drawingsFolder.include(input.included);
			return input;
		}),
	};
}

/** @throws Refusal IMAGE_UNREADABLE */
function drawnFileOf(bytes: Uint8Array) {
	const { settings, packages, startPicture } = readProvenance(bytes);
	const start = startPicture === null ? null : pictureFile(startPicture, "start.png", "image/png");
	return { settings, packages: [...packages], start };
}

/** @throws Refusal IMAGE_UNREADABLE for a file larger than any that is drawn here. */
async function bytesOf(source: PictureSource): Promise<Uint8Array> {
	if ("bytes" in source) return source.bytes;
	if ((await stat(source.filePath)).size > drawnMaxBytes) {
		throw new Refusal("IMAGE_UNREADABLE", "That file is too large to be a picture drawn here.");
	}
	return readFile(source.filePath);
}

function pictureFile(bytes: Uint8Array, name: string, type: string): File {
	return new File([Uint8Array.from(bytes)], name, { type });
}
