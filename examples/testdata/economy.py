# What a training step of digits_cnn.py and a token of llama/generate.py do, on the
# directories argv[1] (examples) and argv[2] (a model).
import sys

examples, directory = sys.argv[1:3]
sys.path.insert(0, examples)
sys.path.insert(0, examples + "/llama")

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim

import digits
from digits_cnn import CNN, as_images, loss_fn, shifted
from generate import generate, sampler
from model import load
from tokenizer import Tokenizer

mx.random.seed(0)
images = as_images(mx.random.uniform(shape=(64, 64)))
labels = mx.random.randint(0, digits.CLASSES, (64,))
model = CNN(4, digits.CLASSES)
optimizer = optim.AdamW(learning_rate=optim.cosine_decay(2e-3, 1000), weight_decay=0.01)
state = [model.state, optimizer.state, mx.random.state]
mx.eval(state, images, labels)


def train_step(x, y):
    loss, grads = nn.value_and_grad(model, loss_fn)(model, x, y)
    optimizer.update(model, grads)
    return loss


compiled = mx.compile(train_step, inputs=state, outputs=state)


def train(steps):
    for k in range(steps):
        rows = mx.arange(8) + 8 * (k % 8)
        mx.eval(state, compiled(shifted(images[rows]), labels[rows]))


llama, config = load(directory)
mx.eval(llama.parameters())
prompt = Tokenizer.from_directory(directory).encode("Shall I compare")


def speak(count):
    for _ in generate(llama, prompt, sampler(0.0, 1.0), count):
        pass
