"""The parts of transformers that turn images into arrays, as transformers 5.24 does."""

import numpy as np
from transformers import BatchFeature, ProcessorMixin, AutoProcessor
from transformers.image_utils import get_image_size, infer_channel_dimension_format, make_flat_list_of_images, make_list_of_images, make_nested_list_of_images, valid_images
from transformers.image_transforms import rescale, normalize, resize, center_crop, pad, to_channel_dimension_format
from transformers.image_processing_utils import select_best_resolution, get_size_dict, BaseImageProcessor
from PIL import Image
rng=np.random.RandomState(0)
a=rng.randint(0,255,(3,7,9)).astype(np.uint8)
print(infer_channel_dimension_format(a), get_image_size(a), to_channel_dimension_format(a,'channels_last').shape)
print(rescale(a,1/255).dtype, rescale(a,1/255).sum().round(3), normalize(a,[1,2,3],2.0).sum().round(3), normalize(a,0.5,0.5,data_format='channels_last').shape)
print(resize(a,(4,5)).shape, int(resize(a,(4,5)).sum()), resize(a,(14,10),resample=3).dtype, center_crop(a,(4,4)).sum(), center_crop(a,(9,12)).sum(), center_crop(a,(9,12)).shape, pad(a,2).shape, pad(a,((1,2),(3,4)),constant_values=7).sum())
print(select_best_resolution((300,500),[(336,336),(672,336),(336,672)]), get_size_dict(5), get_size_dict((3,4)), get_size_dict(5,default_to_square=False,max_size=9))
im=Image.fromarray(a.transpose(1,2,0))
print(len(make_list_of_images(im)), len(make_flat_list_of_images([[im,im],[im]])), make_nested_list_of_images(a).__len__(), len(make_flat_list_of_images(np.stack([a,a]))), valid_images([im,a]), valid_images(['x']))
b=BatchFeature({'x':[[1,2],[3,4]]},tensor_type='np'); print(b.x.shape, list(b.keys()), b['x'].dtype, 'x' in b)
AutoProcessor.marker=5
import transformers; print(transformers.AutoProcessor.marker)
