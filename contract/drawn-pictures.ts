/** @file Whether pictures that a program drew are shown among photos. */
import { z } from "zod";

/** `hidden`: photos alone. `shown`: both. `only`: drawn pictures alone. */
export const drawnPicturesSchema = z.enum(["hidden", "shown", "only"]);
export type DrawnPictures = z.infer<typeof drawnPicturesSchema>;

/** Whoever looks for photos means photos. */
export const usualDrawnPictures: DrawnPictures = "hidden";
