/** @file How the decoder's tests want pixels where it does not matter. */
export const small = {
	pixels: { width: 8, height: 8, resize: "stretch", interpolation: "bilinear" },
	thumbnail: true,
} as const;
