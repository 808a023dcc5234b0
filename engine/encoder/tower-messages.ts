/** @file What the encoder and its worker threads say to each other. */
import type { ErrorDetail } from "../../contract/errors.ts";
import type { ExecutionProvider, LostProvider } from "../../contract/model.ts";
import type { ModelPackage, Tower } from "./model-package.ts";

/** How a worker starts. */
export interface TowerStart {
	tower: Tower;
	modelPackage: ModelPackage;
	threads: number;
	/** Where the picture tower should run; the text tower is always on the CPU. */
	provider: ExecutionProvider;
}

export type TowerRequest =
	/** Loads the tower and nothing more. */
	| { kind: "load" }
	/** uint8 RGB [count, height, width, 3], transferred. */
	| { kind: "pictures"; pixels: Uint8Array<ArrayBuffer>; count: number }
	| { kind: "texts"; texts: readonly string[] }
	/** Opens the picture tower anew on another provider. */
	| { kind: "use-provider"; provider: ExecutionProvider }
	/** Releases the session and ends the thread. */
	| { kind: "close" };

export interface TowerResult {
	/** Float32 [count, dimensions], unit rows, transferred; empty where nothing was embedded. */
	vectors: Float32Array<ArrayBuffer>;
	/** Per text; empty for pictures. */
	shortened: boolean[];
	/** Where the tower runs now. */
	provider: ExecutionProvider;
	/** Where it ran until that failed; null where nothing did. */
	lost: LostProvider | null;
}

/** Why a request was not served. */
export interface TowerProblem {
	message: string;
	detail: ErrorDetail;
}

export type TowerReply =
	| { id: number; kind: "done"; result: TowerResult }
	| { id: number; kind: "failed"; problem: TowerProblem };
