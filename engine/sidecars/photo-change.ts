/**
 * @file The new metadata of a photo file, as commands for ExifTool.
 *
 * The XMP inside is spliced like a sidecar's, so foreign properties stay byte for byte, and written as one block.
 * Where a program also wrote the older IPTC and EXIF fields they are kept in step, as the guidelines of the
 * Metadata Working Group (2010) ask, or other programs would go on showing what they say; none is added.
 */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { FileMetadata } from "../../contract/file-metadata.ts";
import { tagKey } from "../catalogue/file-tags.ts";
import { editXmp, type XmpChange } from "../xmp/edit-xmp.ts";
import { newPacket } from "../xmp/new-sidecar.ts";
import { readEmbeddedXmp } from "../xmp/read-xmp.ts";
import { tagOfPath } from "../xmp/tag-paths.ts";
import { UnreadableXmp } from "../xmp/unreadable-xmp.ts";
import type { ExifTool } from "./exif-tool.ts";
import { photoChange, type Wanted } from "./wanted-change.ts";

/** ExifTool's words for one photo; the input and output file are not among them. */
export interface PhotoCommand {
	words: string[];
}

/** IPTC allows a keyword so many bytes; longer ones are left to XMP. */
const iptcKeywordMaxBytes = 64;

const texts = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const olderSchema = z
	.object({
		"IPTC:Keywords": z.union([texts.transform((text) => [text]), z.array(texts)]),
		"IPTC:CodedCharacterSet": texts,
		"Photoshop:IPTCDigest": texts,
		"IFD0:ImageDescription": texts,
		"IFD0:Rating": texts,
		"IFD0:RatingPercent": texts,
		"XMP-xmpNote:HasExtendedXMP": texts,
	})
	.partial()
	.catchall(z.unknown());

const asked = [
	"-IPTC:all",
	"-Photoshop:IPTCDigest",
	"-IFD0:ImageDescription",
	"-IFD0:Rating",
	"-IFD0:RatingPercent",
	"-XMP-xmpNote:HasExtendedXMP",
];

/**
 * @param photoPath a copy in our own work folder, where the packet is put besides
 * @throws UnreadableXmp when what stands inside cannot be read or changed safely; ExifToolFailure
 */
export async function photoCommand(
	exifTool: ExifTool,
	photoPath: string,
	wanted: Wanted,
): Promise<PhotoCommand> {
	const printed = await exifTool.run(["-json", "-G1", ...asked, photoPath]);
	const [older = {}] = z.array(olderSchema).parse(JSON.parse(printed));
	if (older["XMP-xmpNote:HasExtendedXMP"] !== undefined) {
		throw new UnreadableXmp("Its metadata is spread over several blocks, which is left alone.");
	}
	const before = await readPacket(exifTool, photoPath);
	const said = before === null ? null : readEmbeddedXmp(before);
	const change = photoChange(said, wanted);
	const packet = before === null ? newPacket(change) : editXmp(before, change);
	const packetPath = `${photoPath}.new.xmp`;
	await writeFile(packetPath, packet);
	const words = [`-XMP<=${packetPath}`];
	if (Object.keys(older).some((name) => name.startsWith("IPTC:"))) {
		words.push(...iptcWords(older, readEmbeddedXmp(packet), wanted, change, packetPath));
	}
	words.push(...exifWords(older, change, packetPath));
	return { words };
}

async function readPacket(exifTool: ExifTool, photoPath: string): Promise<Buffer | null> {
	const found = `${photoPath.slice(0, -path.extname(photoPath).length)}.found.xmp`;
	await exifTool.run(["-b", "-XMP", "-w!", "%d%f.found.xmp", photoPath]);
	try {
		const bytes = await readFile(found);
		let end = bytes.length;
		while (end > 0 && bytes[end - 1] === 0) end -= 1;
		return end === 0 ? null : bytes.subarray(0, end);
	} catch {
		return null;
	}
}

function iptcWords(
	older: z.infer<typeof olderSchema>,
	after: FileMetadata,
	{ accepted, described }: Wanted,
	{ title, caption }: XmpChange,
	packetPath: string,
): string[] {
	const words: string[] = [];
	// What is there in an older encoding is written anew, or it would be read in the new one.
	if (older["IPTC:CodedCharacterSet"] !== "UTF8") {
		words.push("-tagsFromFile", "@", "-IPTC:all", "--IPTC:Keywords");
		words.push("-IPTC:CodedCharacterSet=UTF8");
	}
	const known = older["IPTC:Keywords"] ?? [];
	const keys = new Set([...accepted, ...after.keywords, ...after.hierarchies.flat()].map(tagKey));
	const isKept = (word: string) => {
		const tag = tagOfPath([word]);
		return tag === null || keys.has(tagKey(tag));
	};
	const kept = known.filter(isKept);
	const coming = after.keywords.filter(
		(word) => !kept.includes(word) && Buffer.byteLength(word) <= iptcKeywordMaxBytes,
	);
	const keywords = [...kept, ...coming];
	if (keywords.length === 0) words.push("-IPTC:Keywords=");
	else words.push(...keywords.map((word) => `-IPTC:Keywords=${word}`));
	// IPTC speaks where XMP is silent, so what is to be nothing goes from there whatever XMP said.
	const isCleared = (field: "title" | "caption") => described.get(field) === null;
	const olderTitle = isCleared("title") ? null : title;
	const olderCaption = isCleared("caption") ? null : caption;
	words.push(...textWords("IPTC:ObjectName", "Title", olderTitle, packetPath));
	words.push(...textWords("IPTC:Caption-Abstract", "Description", olderCaption, packetPath));
	// Read as the title where there is no other.
	if (isCleared("title")) words.push("-IPTC:Headline=");
	if (older["Photoshop:IPTCDigest"] !== undefined) words.push("-Photoshop:IPTCDigest=new");
	return words;
}

function exifWords(
	older: z.infer<typeof olderSchema>,
	{ caption, rating }: XmpChange,
	packetPath: string,
): string[] {
	const words: string[] = [];
	if (older["IFD0:ImageDescription"] !== undefined) {
		words.push(...textWords("IFD0:ImageDescription", "Description", caption, packetPath));
	}
	if (rating === undefined) return words;
	const stars = Math.max(0, rating ?? 0);
	if (older["IFD0:Rating"] !== undefined) words.push(`-IFD0:Rating=${stars}`);
	// Windows counts from 1 to 99.
	const percent = [0, 1, 25, 50, 75, 99][stars] ?? 0;
	if (older["IFD0:RatingPercent"] !== undefined) words.push(`-IFD0:RatingPercent=${percent}`);
	return words;
}

/** From the packet and not as a word: a caption has lines. */
function textWords(
	field: string,
	inPacket: "Title" | "Description",
	value: string | null | undefined,
	packetPath: string,
): string[] {
	if (value === undefined) return [];
	if (value === null) return [`-${field}=`];
	const name = inPacket === "Title" ? "XMP-dc:Title" : "XMP-dc:Description";
	return ["-tagsFromFile", packetPath, `-${field}<${name}`];
}
