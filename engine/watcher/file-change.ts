/** @file What the watcher reports: settled changes of photo files below one root folder. */

/** Facts of a file as the file system gives them. */
export interface FileFacts {
	/** Below the root, `/` between the parts on every platform. */
	relativePath: string;
	sizeBytes: number;
	/** Whole milliseconds. */
	modifiedAtMs: number;
	/** Device and inode in one string: equal before and after a rename on the same volume. */
	fileIdentity: string;
}

export type FileChange =
	| { kind: "present"; file: FileFacts }
	/** Nothing is there any more: a file, or a folder with everything that was below it. */
	| { kind: "absent"; relativePath: string };

/** Changes of one root that settled together; a rename is an absent and a present in one batch. */
export interface FileChangeBatch {
	rootPath: string;
	changes: FileChange[];
	/** True when the watcher cannot vouch for having seen everything: compare with the disk. */
	rescanNeeded: boolean;
}

export interface FolderWatch {
	readonly rootPath: string;
	/** Resolves when the first walk is done and events flow, or when watching proved impossible. */
	readonly ready: Promise<void>;
	/** False where the system refused: `rescanNeeded` batches then come at intervals instead. */
	readonly watching: boolean;
	close(): Promise<void>;
}
