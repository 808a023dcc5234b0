/** @file A process that claims a model and keeps it until it is killed: `node model-claimer.ts FOLDER NAME`. */
import { ModelStore } from "../../engine/models/model-store.ts";

const [, , folder, name] = process.argv;
if (folder === undefined || name === undefined) throw new Error("which model?");
await new ModelStore(folder).claim(name);
process.send?.("claimed");
process.on("message", () => undefined);
