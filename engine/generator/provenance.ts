/**
 * @file What a drawn file says of itself. A PNG file carries
 * - iTXt `Afterimage`: JSON of the settings and packages, from which the same bytes come out again;
 * - chunk `afSt`: the start picture as a PNG of the drawing's size, where there was one;
 * - chunk `afMa`: the mask as a grey PNG of that size, white where it may change, where there was one;
 * - iTXt `Description`, `Negative prompt` and `Software`, for people and other programs;
 * - iTXt `XML:com.adobe.xmp`: `Iptc4xmpExt:DigitalSourceType`, by which any program can tell that no
 *   camera was there (https://cv.iptc.org/newscodes/digitalsourcetype/).
 * No time and no path: equal settings give equal files.
 */
import { z } from "zod";
import { Refusal } from "../../contract/errors.ts";
import type { DrawingSettings } from "../../contract/generation.ts";
import { storedDrawingSettingsSchema } from "../../contract/stored-drawing-settings.ts";
import type { GivenPictures } from "../catalogue/drawing-table.ts";
import { pngOf } from "./drawn-files.ts";
import type { RgbPicture } from "./picture-generator.ts";
import { type PngChunk, readChunks, textChunk, textOf, withChunks } from "./png-chunks.ts";

const recordKeyword = "Afterimage";
const xmpKeyword = "XML:com.adobe.xmp";
/** Ancillary, private, safe to copy, as the case of their letters says. */
const startChunkType = "afSt";
const maskChunkType = "afMa";

const recordSchema = z.object({
	format: z.literal(1),
	settings: storedDrawingSettingsSchema,
	packages: z.array(z.object({ id: z.string(), version: z.string() })),
});

/** How a picture came to be. */
export interface Provenance extends GivenPictures {
	settings: DrawingSettings;
	packages: readonly { id: string; version: string }[];
}

/** The whole file of a drawn picture. */
export async function drawnFile(picture: RgbPicture, provenance: Provenance): Promise<Uint8Array> {
	const { settings, packages, startPicture, maskPicture } = provenance;
	const shown = wordsOf(settings, (weight) => weight > 0);
	const avoided = wordsOf(settings, (weight) => weight < 0);
	const record = { format: 1, settings, packages };
	const chunks: PngChunk[] = [
		textChunk("Software", "Afterimage"),
		textChunk("Description", shown),
		...(avoided === "" ? [] : [textChunk("Negative prompt", avoided)]),
		textChunk(recordKeyword, JSON.stringify(record)),
		textChunk(xmpKeyword, xmpPacket(shown, startPicture !== null)),
		...(startPicture === null ? [] : [{ type: startChunkType, data: startPicture }]),
		...(maskPicture === null ? [] : [{ type: maskChunkType, data: maskPicture }]),
	];
	return withChunks(await pngOf(picture), chunks);
}

/**
 * What a drawn file says of how it was made.
 * @throws Refusal IMAGE_UNREADABLE when the file is no sound PNG, or says nothing that can be read.
 */
export function readProvenance(bytes: Uint8Array): Provenance {
	const chunks = readChunks(bytes);
	if (chunks === null) {
		throw new Refusal("IMAGE_UNREADABLE", "That file is not a whole PNG picture.");
	}
	const text = textOf(chunks, recordKeyword);
	const record = recordSchema.safeParse(text === null ? null : parsed(text));
	if (!record.success) {
		throw new Refusal(
			"IMAGE_UNREADABLE",
			"That picture does not say how it was drawn. Only pictures drawn here do, as long as no other program saved them anew.",
		);
	}
	const pictureIn = (wanted: string) => chunks.find(({ type }) => type === wanted)?.data ?? null;
	return {
		settings: record.data.settings,
		packages: record.data.packages,
		startPicture: pictureIn(startChunkType),
		maskPicture: pictureIn(maskChunkType),
	};
}

function wordsOf({ prompts }: DrawingSettings, wanted: (weight: number) => boolean): string {
	return prompts
		.filter(({ weight }) => wanted(weight))
		.map(({ text }) => text)
		.join(", ");
}

function xmpPacket(description: string, hasStart: boolean): string {
	const source = hasStart ? "compositeWithTrainedAlgorithmicMedia" : "trainedAlgorithmicMedia";
	return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmp:CreatorTool="Afterimage"
 Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/${source}">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escaped(description)}</rdf:li></rdf:Alt></dc:description>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>`;
}

/** XML cannot carry control characters at all. */
function escaped(text: string): string {
	return (
		text
			// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
			.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
			.replaceAll("&", "&amp;")
			.replaceAll("<", "&lt;")
			.replaceAll(">", "&gt;")
	);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
