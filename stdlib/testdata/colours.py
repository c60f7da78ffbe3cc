"""Colours by other coordinates."""

import colorsys
import random

random.seed(1)
for f in (colorsys.rgb_to_hls, colorsys.hls_to_rgb, colorsys.rgb_to_hsv, colorsys.hsv_to_rgb, colorsys.rgb_to_yiq, colorsys.yiq_to_rgb):
    for i in range(40): print(f(random.random(), random.random(), random.random()))
