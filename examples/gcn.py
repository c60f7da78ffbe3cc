"""Classifies the nodes of a graph from a few labels, with graph convolutions.

    mlxstar examples/gcn.py [--epochs N] [--neighbours K] [--labels N]

Each digit is a node; it has an edge to the digits that look most like it. A few
digits of each class have a label, and the convolutions carry them along the edges.
The same network without the graph shows what the edges are worth.
"""

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim

import digits
from runlog import Run, options


def nearest_neighbours(x, k):
    """The adjacency of each row with the k rows next to it, symmetric: float32 (n, n) of 0 and 1."""
    lengths = x.square().sum(axis=1)
    distances = lengths[:, None] + lengths[None, :] - 2 * (x @ x.T)
    # A node is nearest to itself, so that the k-th neighbour is number k.
    limit = mx.sort(distances, axis=1)[:, k : k + 1]
    near = distances <= limit
    return mx.logical_or(near, near.T).astype(mx.float32)


def normalize(adjacency):
    """D^-1/2 (A + I) D^-1/2, where D holds the degrees (Kipf and Welling, 2017)."""
    n = adjacency.shape[0]
    adjacency = mx.maximum(adjacency, mx.eye(n))
    scale = mx.rsqrt(adjacency.sum(axis=1))
    return scale[:, None] * adjacency * scale[None, :]


class GraphConvolution(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.linear = nn.Linear(inputs, outputs, bias=False)
        self.bias = mx.zeros((outputs,))

    def __call__(self, x, adjacency):
        return adjacency @ self.linear(x) + self.bias


class GCN(nn.Module):
    def __init__(self, inputs, hidden, classes, dropout):
        super().__init__()
        self.first = GraphConvolution(inputs, hidden)
        self.second = GraphConvolution(hidden, classes)
        self.dropout = nn.Dropout(dropout)

    def __call__(self, x, adjacency):
        h = nn.tanh(self.first(x, adjacency))
        return self.second(self.dropout(h), adjacency)


def labelled(labels, each):
    """A mask with the first `each` nodes of every class."""
    count = [0] * digits.CLASSES
    mask = []
    for label in labels.tolist():
        mask.append(count[label] < each)
        count[label] += 1
    return mx.array(mask)


def train(args, run, x, y, adjacency, mask, desc):
    """Trains a network on the masked nodes, and gives its accuracy on all others."""
    model = GCN(x.shape[1], args.hidden, digits.CLASSES, dropout=0.3)
    optimizer = optim.AdamW(learning_rate=args.lr, weight_decay=1e-2)
    mx.eval(model.parameters())

    def loss_fn(x, y):
        losses = nn.losses.cross_entropy(model(x, adjacency), y)
        return mx.sum(losses * mask) / mx.sum(mask)

    loss_and_grad = nn.value_and_grad(model, loss_fn)
    for _ in run.watch(range(args.epochs), desc=desc):
        loss, grads = loss_and_grad(x, y)
        optimizer.update(model, grads)
        mx.eval(model.state, optimizer.state, loss)
        run.loss(loss)

    model.eval()
    right = mx.argmax(model(x, adjacency), axis=1) == y
    unseen = mx.logical_not(mask)
    return (mx.sum(right * unseen) / mx.sum(unseen)).item()


def main():
    parser = options(__doc__)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--nodes", type=int, default=1797, help="digits in the graph")
    parser.add_argument("--neighbours", type=int, default=6)
    parser.add_argument("--labels", type=int, default=5, help="nodes of each class with a label")
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--lr", type=float, default=5e-3)
    args = parser.parse_args()

    mx.random.seed(args.seed)
    (x, y), _ = digits.load_split(held_out=0)
    x, y = x[: args.nodes], y[: args.nodes]
    # Pixels are sixteenths, so that distances are exact and ties really ties.
    adjacency = nearest_neighbours(x, args.neighbours)
    mask = labelled(y, args.labels)
    mx.eval(x, y, adjacency, mask)

    run = Run("gcn", args)
    graph = train(args, run, x, y, normalize(adjacency), mask, "with the graph")
    alone = train(args, run, x, y, mx.eye(x.shape[0]), mask, "without it")
    run.finish(edges=int(adjacency.sum().item()), accuracy=graph, without_graph=alone)


if __name__ == "__main__":
    main()
