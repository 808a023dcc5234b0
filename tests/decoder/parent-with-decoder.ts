/** @file A program that uses a decoder and never closes it; reports its decoding process's id. */
import { createDecoder } from "../../engine/decoder/create-decoder.ts";
import { small } from "./small-pixels.ts";

const decoder = createDecoder({
	parallelism: 1,
	childModule: new URL("./faulty-child.ts", import.meta.url),
});
const outcome = await decoder.decode({ bytes: new TextEncoder().encode("process id") }, small);
process.send?.(outcome.kind === "failed" ? Number(outcome.message) : null);
if (!process.argv.includes("end")) setInterval(() => {}, 1000);
