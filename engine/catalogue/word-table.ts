/**
 * @file Words of and about photos, for full-text search.
 *
 * [Note: Words of a photo] Names, folders and places are derived from the photo's row. Everything else
 * is set here by whoever knows it: `setWords` inside a write of this folder, `words.set` from outside;
 * accepted tags by the triggers of tag-words.ts. Both only store the text; the photo then waits in `words_pending` until `indexPending` has cut it into
 * words (word-forms.ts). A photo that is moved, renamed or removed needs nothing: triggers see to it.
 */
import type { PhotoId } from "../../contract/ids.ts";
import type { WordSource } from "../../contract/words.ts";
import { type Connection, query } from "./connection.ts";
import { idList } from "./id-list.ts";
import { RememberedPhotos } from "./remembered-photos.ts";
import { keepTagWords } from "./tag-words.ts";
import { indexedForm } from "./word-forms.ts";
import { wordVocabulary } from "./word-vocabulary.ts";

/** Texts that others know of; the rest follows from the photo's row. */
export type GivenSource = Exclude<WordSource, "name" | "folder" | "place">;

/** A phrase: pieces that stand directly after one another, as `word-forms.ts` cuts them. */
export type Phrase = readonly string[];

export interface SourceText {
	source: WordSource;
	/** As it was written. Keywords and tags: one a line. */
	text: string;
}

/** Names of a position's surroundings, nearest first: town, region, country, in the languages at hand. */
export type PlaceNamesAt = (latitude: number, longitude: number) => readonly string[];

/** Word that something is read or written as, with how many photos have it. */
export interface CountedWord {
	word: string;
	photos: number;
}

export interface WordTable {
	/**
	 * What this source says of the photo; null or blank for nothing. Keywords and tags: one a line, a
	 * hierarchical one as a path such as `animal/dog`. Replaces what the source said before; cheap, and
	 * nothing happens where it says the same. A photo that is gone is passed over.
	 */
	set(id: PhotoId, source: GivenSource, text: string | null): Promise<void>;
	/** As `set` for many photos, in one transaction. */
	setMany(
		texts: readonly { id: PhotoId; source: GivenSource; text: string | null }[],
	): Promise<void>;
	/** What is known of the photos, derived texts included, as far as they are indexed. */
	textsOf(ids: readonly PhotoId[]): Promise<Map<PhotoId, SourceText[]>>;
	/**
	 * Photos that have, in these sources, at least one phrase of each of the words; in id order. A word is
	 * the phrases by which it may be written.
	 */
	photosWith(
		words: readonly Phrase[][],
		sources: readonly WordSource[],
	): Promise<readonly number[]>;
	/** How many photos have each of these pieces in the sources; one with it in two sources counts twice. */
	counts(pieces: readonly string[], sources: readonly WordSource[]): Promise<Map<string, number>>;
	/** Words that begin like this in any of the sources, those of most photos first. */
	beginning(prefix: string, sources: readonly WordSource[], limit: number): Promise<CountedWord[]>;
	/** Whole texts of a source, such as every place, with how many photos have each; most first. */
	distinct(source: WordSource, limit: number): Promise<CountedWord[]>;
	/** Paths of folders with photos, the library folder's name first, as `folder:` finds them; most first. */
	folders(limit: number): Promise<CountedWord[]>;
	/** Maker and model as `camera:` finds them; most first. */
	cameras(limit: number): Promise<CountedWord[]>;
	/** How many photos wait to be indexed. */
	pending(): Promise<number>;
	/**
	 * Indexes waiting photos, newest first.
	 * @returns how many it took; 0 when none is left.
	 */
	indexPending(limit: number, placesAt: PlaceNamesAt): Promise<number>;
}

/**
 * As `WordTable.set`, for use inside a transaction of this folder: a tag table that has just changed a
 * photo's tags says so here, in the same write.
 */
export function setWords(
	connection: Connection,
	id: PhotoId,
	source: GivenSource | "place",
	text: string | null,
): void {
	if (text === null || text.trim() === "") {
		connection.run(
			query.deleteFrom("photo_words").where("photo_id", "=", id).where("source", "=", source),
		);
		return;
	}
	connection.run(
		query
			.insertInto("photo_words")
			.columns(["photo_id", "source", "text"])
			.expression((build) =>
				build
					.selectFrom("photos")
					.select((one) => [
						"photos.id",
						one.val<string>(source).as("source"),
						one.val(text).as("text"),
					])
					.where("photos.id", "=", id),
			)
			.onConflict((conflict) =>
				conflict
					.columns(["photo_id", "source"])
					.doUpdateSet({ text })
					.where("photo_words.text", "<>", text),
			),
	);
}

/** The words of an open database. */
export function wordTable(connection: Connection): WordTable {
	keepTagWords(connection);
	const matching = connection.prepare<{ ids: string }>(
		// Rows of a match come in the order of their ids.
		"select json_group_array(rowid) as ids from word_index where word_index match ?",
	);
	const waiting = connection.prepare<{ count: number }>(
		"select count(*) as count from words_pending",
	);
	const next = connection.prepare<PendingPhoto>(
		`select pending.photo_id as id, folders.last_path as folderPath,
			photos.relative_path as relativePath, photos.latitude, photos.longitude
		from words_pending as pending
			left join photos on photos.id = pending.photo_id
			left join folders on folders.id = photos.folder_id
		order by pending.photo_id desc limit ?`,
	);
	const done = connection.prepare("delete from words_pending where photo_id = ?");
	const written = connection.prepare<SourceText>(
		"select source, text from photo_words where photo_id = ?",
	);
	const put = connection.prepare(
		`insert or replace into word_index
			(rowid, name, folder, title, caption, keywords, tags, recognised, place)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const drop = connection.prepare("delete from word_index where rowid = ?");
	// Of this connection, which is the only one that writes; triggers' changes are among them.
	const changesSoFar = connection.prepare<{ changes: number }>("select total_changes() as changes");
	const remembered = new RememberedPhotos();

	const index = (photo: PendingPhoto, placesAt: PlaceNamesAt) => {
		done.run(photo.id);
		if (photo.relativePath === null) {
			drop.run(photo.id);
			return;
		}
		const place =
			photo.latitude === null || photo.longitude === null
				? null
				: placesAt(photo.latitude, photo.longitude).join(", ");
		setWords(connection, photo.id, "place", place);
		const texts = new Map(written.all(photo.id).map(({ source, text }) => [source, text]));
		const { name, folder } = derivedFrom(photo.folderPath ?? "", photo.relativePath);
		const form = (source: WordSource) => indexedForm(texts.get(source) ?? "");
		put.run(
			photo.id,
			indexedForm(name),
			indexedForm(folder),
			form("title"),
			form("caption"),
			form("keywords"),
			form("tags"),
			form("recognised"),
			form("place"),
		);
	};

	return {
		...wordVocabulary(connection),
		async set(id, source, text) {
			setWords(connection, id, source, text);
		},
		async setMany(texts) {
			connection.transaction(() => {
				for (const { id, source, text } of texts) setWords(connection, id, source, text);
			});
		},
		async textsOf(ids) {
			const texts = new Map<PhotoId, SourceText[]>();
			const rows = connection.all(
				query
					.selectFrom("photos")
					.innerJoin("folders", "folders.id", "photos.folder_id")
					.select(["photos.id", "last_path as folderPath", "relative_path as relativePath"])
					.where("photos.id", "in", idList(ids)),
			);
			for (const { id, folderPath, relativePath } of rows) {
				const { name, folder } = derivedFrom(folderPath, relativePath);
				texts.set(id, [
					{ source: "name", text: name },
					{ source: "folder", text: folder },
				]);
			}
			const set = connection.all(
				query.selectFrom("photo_words").selectAll().where("photo_id", "in", idList(ids)),
			);
			for (const { photo_id, source, text } of set) texts.get(photo_id)?.push({ source, text });
			return texts;
		},
		async photosWith(words, sources) {
			const expressions = words.map((phrases) => matchExpression(phrases, sources));
			if (expressions.length === 0 || expressions.includes(null)) return [];
			const expression = expressions.join(" AND ");
			const { changes = 0 } = changesSoFar.get() ?? {};
			return remembered.get(expression, changes, () =>
				JSON.parse(matching.get(expression)?.ids ?? "[]"),
			);
		},
		async pending() {
			return waiting.get()?.count ?? 0;
		},
		async indexPending(limit, placesAt) {
			const photos = next.all(limit);
			if (photos.length === 0) return 0;
			connection.transaction(() => {
				for (const photo of photos) index(photo, placesAt);
			});
			return photos.length;
		},
	};
}

/** A row of `words_pending` with what its words derive from; nulls where the photo is gone. */
interface PendingPhoto {
	id: PhotoId;
	folderPath: string | null;
	relativePath: string | null;
	latitude: number | null;
	longitude: number | null;
}

/** The file's name without what says its type, and its folders below and including the library folder. */
function derivedFrom(folderPath: string, relativePath: string): { name: string; folder: string } {
	const library = folderPath.split(/[/\\]/u).findLast((piece) => piece !== "") ?? "";
	const pieces = relativePath.split("/");
	const file = pieces.pop() ?? "";
	return {
		name: file.replace(/(?<=.)\.[^.]{1,5}$/u, ""),
		folder: [library, ...pieces].filter((piece) => piece !== "").join("/"),
	};
}

/** Where someone, or a reader of pictures, wrote about the photo. */
export const writtenSources: readonly WordSource[] = [
	"title",
	"caption",
	"keywords",
	"tags",
	"recognised",
];

/** `{title tags} : ("dog" OR "beach day")`; null where there is nothing to look for. */
export function matchExpression(
	phrases: readonly Phrase[],
	sources: readonly WordSource[],
): string | null {
	const quoted = phrases
		// Nothing but letters and digits gets through: a quote would end the phrase.
		.map((phrase) =>
			phrase
				.join(" ")
				.replace(/[^\p{L}\p{N}\p{M}]+/gu, " ")
				.trim(),
		)
		.filter((phrase) => phrase !== "")
		.map((phrase) => `"${phrase}"`);
	if (quoted.length === 0 || sources.length === 0) return null;
	return `({${sources.join(" ")}} : (${quoted.join(" OR ")}))`;
}
