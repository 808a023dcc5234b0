/** @file The base every procedure starts from: the closed error union with its detail shape. */
import { oc } from "@orpc/contract";
import { type ErrorCode, errorDetailSchema, errorMap } from "./errors.ts";

type ErrorItem = { status: number; message: string; data: typeof errorDetailSchema };

const errors = Object.fromEntries(
	Object.entries(errorMap).map(([code, item]) => [code, { ...item, data: errorDetailSchema }]),
) as Record<ErrorCode, ErrorItem>;

/** Start of every procedure's definition. */
export const procedure = oc.errors(errors);
