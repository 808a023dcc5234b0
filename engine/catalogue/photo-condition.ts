/** @file What a photo can be asked for besides what it shows. Times are the photo's own local time. */
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { FileFormat, PictureShape } from "../../contract/query.ts";

export type PhotoCondition =
	/** Taken in `fromMs` ≤ t < `beforeMs`, local time counted as if it were UTC; null for open. */
	| { kind: "taken"; fromMs: number | null; beforeMs: number | null }
	/** 1 to 12, of whatever year. */
	| { kind: "months"; months: readonly number[] }
	/** In a folder of whose path inside the library this is a part, in upper or lower case. */
	| { kind: "folder"; text: string }
	/** In the name of the file or its folders; a space stands for any one character. */
	| { kind: "name"; text: string }
	/** These words after one another in names or in anything written about the photo (Note: Words of a photo). */
	| { kind: "words"; text: string }
	/** An accepted tag with this name, or path of names, or below it. */
	| { kind: "tag"; path: string }
	| { kind: "tagged" }
	/** Stars from `from` to `to`, null for open; a photo without any has 0. */
	| { kind: "rating"; from: number | null; to: number | null }
	| { kind: "camera"; text: string }
	| { kind: "lens"; text: string }
	| { kind: "format"; format: FileFormat }
	| { kind: "shape"; shape: PictureShape }
	| { kind: "offline" }
	| { kind: "drawn" }
	| { kind: "in-folder"; folderId: FolderId }
	| { kind: "one-of"; ids: Iterable<PhotoId> }
	| { kind: "any"; of: readonly PhotoCondition[] }
	| { kind: "not"; of: PhotoCondition };

/** Photos that carry a position. Columns of one length, in id order. */
export interface LocatedPhotos {
	/** Float64: photo ids. */
	ids: Float64Array;
	/** Float64: degrees north. */
	latitudes: Float64Array;
	/** Float64: degrees east. */
	longitudes: Float64Array;
}
