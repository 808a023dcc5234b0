/** @file The address says where one is, and any address can be read. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	type FolderId,
	folderIdSchema,
	type LabelId,
	labelIdSchema,
	type PhotoId,
	photoIdSchema,
	type SavedSearchId,
	savedSearchIdSchema,
} from "../../contract/ids.ts";
import { formatLocation, home, parseLocation, type Query } from "../../renderer/state/location.ts";

const ids = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const photoIds = ids.map((id): PhotoId => photoIdSchema.parse(id));
const folderIds = ids.map((id): FolderId => folderIdSchema.parse(id));
const labelIds = ids.map((id): LabelId => labelIdSchema.parse(id));
const savedIds = ids.map((id): SavedSearchId => savedSearchIdSchema.parse(id));
const queries = fc.oneof(
	fc
		.string({ unit: "grapheme", minLength: 1 })
		.filter((text) => text.trim() !== "")
		.map((text): Query => ({ kind: "text", text })),
	photoIds.map((photoId): Query => ({ kind: "similar", photoId })),
	ids.map((key): Query => ({ kind: "picture", key })),
);
const places = fc.oneof(
	fc.option(folderIds).map((folderId) => ({ place: "photos" as const, folderId, labelId: null })),
	fc.constant({ place: "look-alikes" as const, folderId: null, labelId: null }),
	fc.constant({ place: "tags" as const, folderId: null, labelId: null }),
	fc.option(labelIds).map((labelId) => ({ place: "label" as const, folderId: null, labelId })),
);
const details = fc.record({
	asked: fc.option(fc.record({ query: queries, savedId: fc.option(savedIds) })),
	openId: fc.option(photoIds),
});
const locations = fc.tuple(places, details).map(([place, { asked, openId }]) => ({
	...place,
	query: asked?.query ?? null,
	savedId: asked?.savedId ?? null,
	openId,
}));

describe("a location", () => {
	it("comes back from its address", () => {
		fc.assert(
			fc.property(locations, (location) => {
				expect(parseLocation(`#${formatLocation(location)}`)).toEqual(location);
			}),
		);
	});

	it("is read from any text without failing", () => {
		fc.assert(fc.property(fc.string(), (text) => void parseLocation(text)));
		expect(parseLocation("")).toEqual(home);
		expect(parseLocation("#/folder/-1?photo=abc&similar=0&q=%20")).toEqual(home);
	});
});
