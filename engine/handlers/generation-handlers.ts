/** @file Drawing from a prompt: families, queue, history, files. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DrawingMask, DrawingStart } from "../../contract/drawing-sources.ts";
import { assertNever, Refusal } from "../../contract/errors.ts";
import type { DrawingSettings } from "../../contract/generation.ts";
import type { DrawingId, PhotoId } from "../../contract/ids.ts";
import type { GivenPictures, NewDrawing } from "../catalogue/drawing-table.ts";
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
import { givenPictures, nothingGiven } from "../generator/given-pictures.ts";
import { mainColours } from "../generator/main-colours.ts";
import { readProvenance } from "../generator/provenance.ts";
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

	const maskSourceOf = async (mask: DrawingMask): Promise<PictureSource> => {
		switch (mask.kind) {
			case "mask-of": {
				const { maskPicture } = await queue.get(mask.id);
				if (maskPicture === null) throw new Refusal("DRAWING_NOT_FOUND");
				return { bytes: maskPicture };
			}
			case "file":
				return { bytes: new Uint8Array(await mask.file.arrayBuffer()) };
			default:
				return assertNever(mask);
		}
	};

	/** A drawing with the pictures it is given. */
	const withGiven = async (
		settings: DrawingSettings,
		start: DrawingStart | null,
		mask: DrawingMask | null,
	): Promise<NewDrawing> => {
		// A size out of range is named before a picture is made of it.
		const { description } = generatorOf(families, settings);
		checkSettings(backendSettings(settings, nothingGiven), description);
		const given = await givenPictures(decoder, settings, {
			start: start === null ? null : await sourceOf(start),
			mask: mask === null ? null : await maskSourceOf(mask),
		});
		return { settings: { ...settings, masked: settings.masked || mask !== null }, ...given };
	};

	return {
		families: generation.families.handler(() => families.map(statusOf)),
		list: generation.list.handler(async () => ({
			paused: queue.paused,
			drawings: await queue.list(),
		})),
		draw: generation.draw.handler(async ({ input: { settings, start, mask, count } }) => {
			const { settings: own, ...given } = await withGiven(settings, start, mask);
			return { ids: await queue.add(own, given, count) };
		}),
		drawWithAll: generation.drawWithAll.handler(async ({ input: { settings, start, mask } }) => {
			const masked = settings.masked || mask !== null;
			const all = settingsForAll(families, { ...settings, masked });
			if (all.length === 0) {
				throw new Refusal(
					"MODEL_UNAVAILABLE",
					"No way of drawing is there. Install Afterimage again.",
				);
			}
			const drawings: NewDrawing[] = [];
			// The first family takes the longest: the others need not wait for it.
			for (const one of all.toReversed()) {
				const begun = one.strength !== null;
				drawings.push(await withGiven(one, begun ? start : null, one.masked ? mask : null));
			}
			return { ids: await queue.addEach(drawings) };
		}),
		needs: generation.needs.handler(({ input }) => ({
			...generatorOf(families, input).needs(backendSettings(input, nothingGiven)),
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
		given: generation.given.handler(async ({ input }) => givenFiles(await queue.get(input.id))),
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
	const { settings, packages, ...given } = readProvenance(bytes);
	return { settings, packages: [...packages], ...givenFiles(given) };
}

function givenFiles({ startPicture, maskPicture }: GivenPictures) {
	const fileFrom = (bytes: Uint8Array | null, name: string) =>
		bytes === null ? null : pictureFile(bytes, name, "image/png");
	return { start: fileFrom(startPicture, "start.png"), mask: fileFrom(maskPicture, "mask.png") };
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
