/** @file What stands inside an image file: its XMP packet, and the older IPTC block where XMP is silent. */
import type { FileMetadata } from "../../contract/file-metadata.ts";
import { noFileMetadata } from "./clean-metadata.ts";
import { readIptc } from "./iptc-iim.ts";
import { readEmbeddedXmp } from "./read-xmp.ts";
import { UnreadableXmp } from "./unreadable-xmp.ts";

/** The reading of a later version of this code may find more: rows of an earlier one are read again. */
export const embeddedReaderVersion = 2;

/** Never throws: a broken packet says nothing. */
export function readEmbeddedMetadata(blocks: {
	xmp?: Uint8Array | undefined;
	iptc?: Uint8Array | undefined;
}): FileMetadata {
	const newer = blocks.xmp === undefined ? noFileMetadata : readOrNothing(blocks.xmp);
	const older = blocks.iptc === undefined ? noFileMetadata : readIptc(blocks.iptc);
	return {
		...newer,
		title: newer.title ?? older.title,
		caption: newer.caption ?? older.caption,
		// Programs write both in step; one that writes only IPTC leaves an older XMP list beside it.
		keywords: [...new Set([...newer.keywords, ...older.keywords])],
	};
}

function readOrNothing(xmp: Uint8Array): FileMetadata {
	try {
		return readEmbeddedXmp(xmp);
	} catch (error) {
		if (error instanceof UnreadableXmp) return noFileMetadata;
		throw error;
	}
}
