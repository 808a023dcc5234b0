/** @file Sidecars found beside photos: which wait to be read, which were refused and why. */
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { Connection } from "./connection.ts";

/** A sidecar as it was found on disk. */
export interface FoundSidecar {
	relativePath: string;
	sizeBytes: number;
	modifiedAtMs: number;
}

export interface SidecarRecord extends FoundSidecar {
	folderId: FolderId;
	state: "waiting" | "read" | "refused";
	refusal: string | null;
}

export interface SidecarTable {
	/** New ones and changed ones wait to be read. Returns how many. */
	noteFound(folderId: FolderId, found: readonly FoundSidecar[]): Promise<number>;
	/** Every sidecar known in a folder, by relative path. */
	pathsOf(folderId: FolderId): Promise<string[]>;
	/** These are no longer there: they wait until somebody has taken notice. */
	noteGone(folderId: FolderId, relativePaths: readonly string[]): Promise<void>;
	/** Waiting ones of folders that are online. */
	waiting(count: number): Promise<SidecarRecord[]>;
	/** Those that may belong to a photo, the surer first; see [Note: Sidecar names]. */
	ofPhoto(
		folderId: FolderId,
		photoPath: string,
		withoutExtension: string,
	): Promise<SidecarRecord[]>;
	/** Photos whose whole path this is, else those with this path before their extension. */
	photosNamed(
		folderId: FolderId,
		named: string,
	): Promise<{ id: PhotoId; relativePath: string; whole: boolean }[]>;
	/** It is read, as it was then; a `refusal` says why it was left alone. */
	settle(folderId: FolderId, found: FoundSidecar, refusal: string | null): Promise<void>;
	/** It waits once more. */
	readAgain(folderId: FolderId, relativePath: string): Promise<void>;
	forget(folderId: FolderId, relativePath: string): Promise<void>;
	refused(count: number): Promise<SidecarRecord[]>;
}

const columns = `folder_id as folderId, relative_path as relativePath, size_bytes as sizeBytes,
	modified_at_ms as modifiedAtMs, state, refusal`;

/** The sidecars of an open database. */
export function sidecarTable(connection: Connection): SidecarTable {
	const note = connection.prepare(
		`insert into sidecars (folder_id, relative_path, named, size_bytes, modified_at_ms, state)
		values (?1, ?2, substr(?2, 1, length(?2) - 4), ?3, ?4, 'waiting')
		on conflict (folder_id, relative_path) do update
			set size_bytes = ?3, modified_at_ms = ?4, state = 'waiting', refusal = null
			where size_bytes <> ?3 or modified_at_ms <> ?4`,
	);
	const paths = connection.prepare<{ relativePath: string }>(
		"select relative_path as relativePath from sidecars where folder_id = ?",
	);
	const waitAgain = connection.prepare(
		"update sidecars set state = 'waiting' where folder_id = ? and relative_path = ?",
	);
	const waiting = connection.prepare<SidecarRecord>(
		`select ${columns} from sidecars where state = 'waiting'
			and folder_id not in (select id from folders where offline = 1) limit ?`,
	);
	const named = connection.prepare<SidecarRecord>(
		`select ${columns} from sidecars where folder_id = ?1 and named in (?2, ?3)
		order by named <> ?2, relative_path`,
	);
	const whole = connection.prepare<{ id: PhotoId; relativePath: string }>(
		"select id, relative_path as relativePath from photos where folder_id = ? and relative_path = ?",
	);
	// "/" is the character after ".": a range, so that the index serves.
	const stem = connection.prepare<{ id: PhotoId; relativePath: string }>(
		`select id, relative_path as relativePath from photos
		where folder_id = ?1 and relative_path > ?2 || '.' and relative_path < ?2 || '/'`,
	);
	const settle = connection.prepare(
		`update sidecars set size_bytes = ?3, modified_at_ms = ?4, refusal = ?5,
			state = case when ?5 is null then 'read' else 'refused' end
		where folder_id = ?1 and relative_path = ?2`,
	);
	const forget = connection.prepare(
		"delete from sidecars where folder_id = ? and relative_path = ?",
	);
	const refused = connection.prepare<SidecarRecord>(
		`select ${columns} from sidecars where state = 'refused' order by folder_id, relative_path limit ?`,
	);
	const noteOne = (folderId: FolderId, found: FoundSidecar) =>
		note.run(folderId, found.relativePath, found.sizeBytes, Math.floor(found.modifiedAtMs)).changes;

	return {
		async noteFound(folderId, found) {
			if (found.length === 0) return 0;
			return connection.transaction(() =>
				found.reduce((count, item) => count + noteOne(folderId, item), 0),
			);
		},
		async pathsOf(folderId) {
			return paths.all(folderId).map(({ relativePath }) => relativePath);
		},
		async noteGone(folderId, relativePaths) {
			connection.transaction(() => {
				for (const path of relativePaths) waitAgain.run(folderId, path);
			});
		},
		async waiting(count) {
			return waiting.all(count);
		},
		async ofPhoto(folderId, photoPath, withoutExtension) {
			return named.all(folderId, photoPath, withoutExtension);
		},
		async photosNamed(folderId, name) {
			const photos = whole.all(folderId, name).map((photo) => ({ ...photo, whole: true }));
			if (photos.length > 0) return photos;
			return stem
				.all(folderId, name)
				.filter(({ relativePath }) => relativePath.lastIndexOf(".") === name.length)
				.map((photo) => ({ ...photo, whole: false }));
		},
		async settle(folderId, found, refusal) {
			connection.transaction(() => {
				noteOne(folderId, found);
				const { relativePath, sizeBytes, modifiedAtMs } = found;
				settle.run(folderId, relativePath, sizeBytes, Math.floor(modifiedAtMs), refusal);
			});
		},
		async readAgain(folderId, relativePath) {
			waitAgain.run(folderId, relativePath);
		},
		async forget(folderId, relativePath) {
			forget.run(folderId, relativePath);
		},
		async refused(count) {
			return refused.all(count);
		},
	};
}
