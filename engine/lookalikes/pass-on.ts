/** @file What was said of copies that go to the trash passes to the photo that stays, where it has nothing there. */
import type { Described } from "../../contract/description.ts";
import type { ChangeId, PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";

/** What a person, or a file, said of one copy. */
export interface SaidOfCopy {
	copy: PhotoId;
	stays: PhotoId;
	tags: readonly string[];
	described: Described;
}

type Tables = Pick<Catalogue, "tags" | "descriptions" | "fileMetadata">;

/** Reads it while the copy is still known. */
export async function saidOf(
	{ tags, fileMetadata }: Tables,
	copy: PhotoId,
	stays: PhotoId,
): Promise<SaidOfCopy> {
	const { title = null, caption = null, rating = null } = (await fileMetadata.get(copy)) ?? {};
	const accepted = (await tags.ofPhoto(copy)).filter(({ state }) => state === "accepted");
	return {
		copy,
		stays,
		tags: accepted.map(({ path }) => path),
		described: { title, caption, rating },
	};
}

/**
 * Gives the tags, and title, caption and stars where the photo that stays has none; of several copies the
 * first one's. @returns the changes this made, for taking them back
 */
export async function passOn(catalogue: Tables, said: readonly SaidOfCopy[]): Promise<ChangeId[]> {
	const made: (ChangeId | null)[] = [];
	for (const { stays, tags, described } of said) {
		if (tags.length > 0) made.push((await catalogue.tags.apply([stays], tags, [])).changeId);
		const has = (await catalogue.fileMetadata.get(stays)) ?? {};
		const lacking = lackingIn({ title: null, caption: null, rating: null, ...has }, described);
		if (Object.keys(lacking).length === 0) continue;
		const title = "Pass on what was said of a copy";
		made.push((await catalogue.descriptions.change([stays], lacking, title)).changeId);
	}
	return made.filter((changeId) => changeId !== null);
}

function lackingIn(has: Described, described: Described): Partial<Described> {
	// A copy marked as rejected goes for that reason, and the photo that stays is not rejected by it.
	const stars = described.rating ?? 0;
	return {
		...(has.title === null && described.title !== null && { title: described.title }),
		...(has.caption === null && described.caption !== null && { caption: described.caption }),
		...(has.rating === null && stars > 0 && { rating: stars }),
	};
}
