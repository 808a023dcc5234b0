/** @file A text stage over a real catalogue, with decoder and recogniser under the test's control. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { unknownCaptureFacts } from "../../contract/capture-facts.ts";
import type { PhotoId } from "../../contract/ids.ts";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import type { RasterOutcome } from "../../engine/decoder/decoder.ts";
import type { Raster } from "../../engine/recognition/network-input.ts";
import type { Recogniser, Recognition } from "../../engine/recognition/recogniser.ts";
import { TextStage, type TextStageParts } from "../../engine/recognition/text-stage.ts";
import { noFileMetadata } from "../../engine/xmp/clean-metadata.ts";

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** Reads what is written in the pixels: the bytes are the text. */
export class FakeRecogniser implements Recogniser {
	readonly longestSide = 100;
	readonly key: string;
	/** Texts in the order they were read. */
	readonly texts: string[] = [];
	/** Called before each reading; may wait, throw or answer itself. */
	before: (text: string) => Promise<Recognition | undefined> = async () => undefined;

	constructor(key = "fake@1") {
		this.key = key;
	}

	async read({ pixels }: Raster): Promise<Recognition> {
		const text = Buffer.from(pixels).toString();
		const answer = await this.before(text);
		this.texts.push(text);
		if (answer !== undefined) return answer;
		const corners = [0.1, 0.1, 0.9, 0.1, 0.9, 0.2, 0.1, 0.2];
		return { kind: "read", lines: text === "" ? [] : [{ text, confidence: 0.9, corners }] };
	}

	async close(): Promise<void> {}
}

/** A photo's file is its name; `contents` says what is in it, which is also the text in it. */
export async function newTextReading(
	options: {
		recogniser?: FakeRecogniser;
		root?: string;
		contents?: Map<string, string>;
		paused?: boolean;
		enabled?: boolean;
		parts?: Partial<TextStageParts>;
	} = {},
) {
	const root = options.root ?? mkdtempSync(join(tmpdir(), "afterimage-texts-"));
	const catalogue = await openCatalogue(join(root, "catalogue.sqlite"));
	const recogniser = options.recogniser ?? new FakeRecogniser();
	const contents = options.contents ?? new Map<string, string>();
	const decoded: string[] = [];
	const stage = new TextStage(
		{
			table: catalogue.recognisedText,
			recogniser,
			decoder: {
				async raster(source): Promise<RasterOutcome> {
					if (!("filePath" in source)) throw new Error("Only files are decoded here.");
					decoded.push(source.filePath);
					const content = contents.get(source.filePath);
					if (content === undefined)
						return { kind: "failed", reason: "vanished", message: "It is gone." };
					const contentHash = sha256(content);
					return { kind: "raster", contentHash, width: 1, height: 1, pixels: Buffer.from(content) };
				},
			},
			locate: async (photo) => photo.relativePath,
			confirmFolder: async () => true,
			othersBusy: () => false,
			onStored: () => undefined,
			onProgress: () => undefined,
			...options.parts,
		},
		{ enabled: options.enabled ?? true, paused: options.paused ?? false },
	);
	onTestFinished(async () => {
		await stage.close();
		await catalogue.close();
		rmSync(root, { recursive: true, force: true });
	});
	const folder = async () => {
		const [known] = await catalogue.folders.list();
		return (
			known ??
			(await catalogue.folders.add({ volumeId: "test", pathInVolume: "p", lastPath: "/p" }))
		);
	};
	const embed = async (ids: readonly PhotoId[]) => {
		const read = (await catalogue.photos.getMany(ids)).map((photo) => ({
			id: photo.id,
			sizeBytes: photo.sizeBytes,
			modifiedAtMs: photo.modifiedAtMs,
			contentHash: sha256(contents.get(photo.relativePath) ?? ""),
			format: "jpeg",
			width: 1,
			height: 1,
			takenAtMs: null,
			...unknownCaptureFacts,
			fileMetadata: noFileMetadata,
			drawn: false,
			perceptualHash: new Uint8Array(98),
			embedding: new Float32Array([1, 0]),
		}));
		await catalogue.photos.storeRead("encoder", read);
	};
	let found = 0;
	return {
		root,
		catalogue,
		stage,
		recogniser,
		contents,
		decoded,
		embed,
		/** Searchable photos with these contents, oldest first; each file is named by its position. */
		async add(texts: readonly string[]): Promise<PhotoId[]> {
			const { id } = await folder();
			const files = texts.map((text) => {
				found += 1;
				const relativePath = `${found}.jpg`;
				contents.set(relativePath, text);
				return {
					relativePath,
					sizeBytes: 10,
					modifiedAtMs: found * 1000,
					fileIdentity: `1:${found}`,
				};
			});
			const ids = await catalogue.photos.discover(id, files);
			await embed(ids);
			return ids;
		},
		/** Resolves when the stage does nothing. */
		async settled(): Promise<void> {
			do await new Promise((resolve) => setTimeout(resolve, 2));
			while (stage.state().running);
		},
		/** The recognised words of a photo, as a search has them. */
		async words(id: PhotoId): Promise<string | undefined> {
			const texts = (await catalogue.words.textsOf([id])).get(id) ?? [];
			return texts.find(({ source }) => source === "recognised")?.text;
		},
	};
}
