/** @file The whole contract as one value: what any client may ask of the engine. */
import type { ContractRouterClient } from "@orpc/contract";
import { activityContract } from "./activity.ts";
import { descriptionContract } from "./description.ts";
import { encoderChangeContract } from "./encoder-change.ts";
import { folderContract } from "./folder.ts";
import { generationContract } from "./generation.ts";
import { labelContract } from "./label.ts";
import { libraryContract } from "./library.ts";
import { lookAlikeContract } from "./lookalike.ts";
import { modelContract } from "./model.ts";
import { photoContract } from "./photo.ts";
import { recognitionContract } from "./recognition.ts";
import { savedSearchContract } from "./saved-search.ts";
import { searchContract } from "./search.ts";
import { tagContract, taggingContract } from "./tag.ts";
import { tagWritingContract } from "./tag-writing.ts";
import { trashContract } from "./trash.ts";

export const contract = {
	library: libraryContract,
	folder: folderContract,
	photo: photoContract,
	description: descriptionContract,
	search: searchContract,
	savedSearch: savedSearchContract,
	lookAlike: lookAlikeContract,
	trash: trashContract,
	tag: tagContract,
	label: labelContract,
	tagging: taggingContract,
	tagWriting: tagWritingContract,
	recognition: recognitionContract,
	generation: generationContract,
	activity: activityContract,
	model: modelContract,
	encoderChange: encoderChangeContract,
};

/** A typed client of the engine, the same over every channel. */
export type EngineClient = ContractRouterClient<typeof contract>;
