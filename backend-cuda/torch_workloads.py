#!/usr/bin/env python3
"""Times the workloads of apps/bench in PyTorch, eager, on the same shapes and by the same protocol.

    torch_workloads.py [--device cuda|cpu] [--precision tf32|float32|bfloat16] [--batch N] [--tuned] [WORKLOAD...]

After 2 s of warm-up come 7 windows of 0.7 s, whose number of steps is settled before they begin; the device is waited for
at their ends only. Prints the lines that apps/bench/run.sh prints, with peer=torch. bfloat16 is by autocast; --tuned lets
cuDNN measure its algorithms and keeps images channels last. Needs PyTorch 1.13 or newer.
"""

import argparse
import gc
import statistics
import sys
import time
from contextlib import nullcontext

import torch
from torch import nn
from torch.nn import functional as F

WARM_UP = 2.0
WINDOW = 0.7
WINDOWS = 7


class Stopwatch:
    """Times steps and prints a line for each figure."""

    def __init__(self, device, warm_up, window, windows):
        self.device = device
        self.warm_up, self.window, self.windows = warm_up, window, windows

    def wait(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize()

    def seconds(self, step, steps):
        begin = time.perf_counter()
        for _ in range(steps):
            step()
        self.wait()
        return time.perf_counter() - begin

    def measure(self, workload, metric, step, value):
        begin, steps = time.perf_counter(), 1
        while True:
            each = self.seconds(step, steps) / steps
            steps = max(1, min(2 * steps, int(self.window / each)))
            if time.perf_counter() - begin >= self.warm_up:
                break
        values, total = [], 0
        for _ in range(self.windows):
            self.seconds(step, 1)
            steps = max(1, round(self.window / each))
            taken = self.seconds(step, steps)
            each = taken / steps
            values.append(value(steps, taken))
            total += steps
        report(
            workload,
            metric,
            f"median={statistics.median(values):.3f} min={min(values):.3f} max={max(values):.3f}"
            f" windows={len(values)} steps={total}",
        )

    def throughput(self, workload, metric, units, step):
        self.measure(workload, metric, step, lambda steps, seconds: units * steps / seconds)

    def milliseconds(self, workload, metric, step):
        self.measure(workload, metric, step, lambda steps, seconds: 1e3 * seconds / steps)

    def latency(self, workload, metric, call):
        times = []

        def timed():
            begin = time.perf_counter()
            call()
            times.append(time.perf_counter() - begin)

        def median(steps, _):
            window = times[-steps:]
            times.clear()
            return 1e6 * statistics.median(window)

        self.measure(workload, metric, timed, median)


def report(workload, metric, figures):
    print(f"peer=torch workload={workload} metric={metric} {figures}", flush=True)


class Judge(nn.Module):
    """Embedding, LSTM, its last state, one logit."""

    def __init__(self, vocabulary, width):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.lstm = nn.LSTM(width, width, batch_first=True)
        self.dense = nn.Linear(width, 1)

    def forward(self, words):
        return self.dense(self.lstm(self.embedding(words))[0][:, -1])


class Writer(nn.Module):
    """Embedding, LSTM, logits of the next word at each step."""

    def __init__(self, vocabulary, width, hidden):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.lstm = nn.LSTM(width, hidden, batch_first=True)
        self.dense = nn.Linear(hidden, vocabulary)

    def forward(self, words):
        return self.dense(self.lstm(self.embedding(words))[0]).flatten(0, 1)


class Bottleneck(nn.Module):
    """He et al. 2015, with the stride in the 3 x 3 convolution."""

    def __init__(self, channels, inner, stride):
        super().__init__()
        outer = 4 * inner
        self.body = nn.Sequential(
            nn.Conv2d(channels, inner, 1, bias=False),
            nn.BatchNorm2d(inner),
            nn.ReLU(inplace=True),
            nn.Conv2d(inner, inner, 3, stride, 1, bias=False),
            nn.BatchNorm2d(inner),
            nn.ReLU(inplace=True),
            nn.Conv2d(inner, outer, 1, bias=False),
            nn.BatchNorm2d(outer),
        )
        self.shortcut = nn.Identity()
        if channels != outer:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, outer, 1, stride, bias=False), nn.BatchNorm2d(outer)
            )

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x), inplace=True)


def resnet50():
    layers = [
        nn.Conv2d(3, 64, 7, 2, 3, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, 2, 1),
    ]
    channels = 64
    for stage, depth in enumerate((3, 4, 6, 3)):
        for i in range(depth):
            layers.append(Bottleneck(channels, 64 << stage, 2 if stage > 0 and i == 0 else 1))
            channels = 256 << stage
    net = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000))
    assert sum(p.numel() for p in net.parameters()) == 25_557_032
    return net


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, 10),
    )


def convnet():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(1600, 10),
    )


def sgd(net):
    return torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)


def adam(net):
    return torch.optim.Adam(net.parameters(), lr=1e-3)


def images(shape, classes):
    return lambda batch: (torch.randn(batch, *shape), torch.randint(classes, (batch,)))


def judged_texts(words, vocabulary):
    return lambda batch: (torch.randint(vocabulary, (batch, words)), torch.randint(2, (batch, 1)).float())


def continued_texts(words, vocabulary):
    return lambda batch: (
        torch.randint(vocabulary, (batch, words)),
        torch.randint(vocabulary, (batch * words,)),
    )


class Bench:
    def __init__(self, options, stopwatch):
        self.device = stopwatch.device
        self.stopwatch = stopwatch
        self.batch = options.batch
        self.bfloat16 = options.precision == "bfloat16"
        self.tuned = options.tuned

    def precision(self):
        if self.bfloat16:
            return torch.autocast(self.device.type, dtype=torch.bfloat16)
        return nullcontext()

    def place(self, x):
        x = x.to(self.device)
        return x.to(memory_format=torch.channels_last) if self.tuned and x.dim() == 4 else x

    def train(self, workload, metric, net, optimizer, loss, examples, batch, batches=8):
        net = net.to(self.device)
        if self.tuned:
            net = net.to(memory_format=torch.channels_last)
        optimizer = optimizer(net)
        data = [tuple(map(self.place, examples(batch))) for _ in range(batches)]
        turn = 0

        def of(x, target):
            with self.precision():
                return loss(net(x), target)

        def step():
            nonlocal turn
            optimizer.zero_grad(set_to_none=True)
            of(*data[turn]).backward()
            optimizer.step()
            turn = (turn + 1) % batches

        def first_loss():
            with torch.no_grad():
                return of(*data[0]).item()

        step()
        before = first_loss()
        self.stopwatch.throughput(workload, metric, batch, step)
        report(workload, "loss_check", f"first={before:.4f} last={first_loss():.4f}")

    def infer(self, workload, net, shape, batch):
        net = net.to(self.device).eval()
        x = torch.randn(batch, *shape)

        def answer(count):
            with torch.inference_mode(), self.precision():
                net(x[:count].to(self.device)).float().cpu()

        self.stopwatch.throughput(workload, f"infer_img_per_s_b{batch}", batch, lambda: answer(batch))
        self.stopwatch.latency(workload, "infer_latency_us_b1", lambda: answer(1))

    def metric(self, name, usual):
        """The size of a batch, and the metric's name, which tells it where it is not the usual one."""
        return (usual, name) if self.batch in (None, usual) else (self.batch, f"{name}_b{self.batch}")

    def w1(self):
        batch, metric = self.metric("train_img_per_s", 64)
        self.train("W1", metric, lenet(), sgd, F.cross_entropy, images((1, 28, 28), 10), batch)
        self.infer("W1", lenet(), (1, 28, 28), batch)

    def w2(self):
        batch, metric = self.metric("train_img_per_s", 128)
        self.train("W2", metric, convnet(), adam, F.cross_entropy, images((1, 28, 28), 10), batch)

    def judge(self, workload, words, usual):
        batch = self.batch or usual
        self.train(
            workload,
            f"train_seq_per_s_T{words}_b{batch}",
            Judge(20_000, 128),
            adam,
            F.binary_cross_entropy_with_logits,
            judged_texts(words, 20_000),
            batch,
        )

    def w3(self):
        self.judge("W3", 80, 32)

    def w3b(self):
        self.judge("W3b", 200, 64)

    def w4(self):
        batch, metric = self.metric("conv_fwdbwd_ms", 4)
        conv = nn.Conv2d(64, 128, 3, padding=1).to(self.device)
        x = torch.randn(batch, 64, 56, 56, device=self.device, requires_grad=True)
        above = torch.randn(batch, 128, 56, 56, device=self.device)

        def step():
            x.grad = conv.weight.grad = conv.bias.grad = None
            with self.precision():
                y = (F.relu(conv(x)) * above).sum()
            y.backward()

        self.stopwatch.milliseconds("W4", metric, step)

    def w5(self):
        batch, metric = self.metric("train_seq_per_s", 32)
        examples = continued_texts(20, 8000)
        self.train("W5", metric, Writer(8000, 256, 512), adam, F.cross_entropy, examples, batch)

    def resnet50(self):
        batch, metric = self.metric("train_img_per_s", 256)
        examples = images((3, 224, 224), 1000)
        self.train("resnet50", metric, resnet50(), sgd, F.cross_entropy, examples, batch, batches=2)

    def run(self, workload):
        cuda = self.device.type == "cuda"
        if cuda:
            gc.collect()
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()
        torch.manual_seed(1)
        getattr(self, workload.lower())()
        if cuda:
            report(workload, "peak_memory_mb", f"value={torch.cuda.max_memory_allocated() / 2**20:.4f}")
            report(workload, "reserved_memory_mb", f"value={torch.cuda.max_memory_reserved() / 2**20:.4f}")


def main():
    names = ["W1", "W2", "W3", "W3b", "W4", "W5", "resnet50"]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--precision", default="tf32", choices=["float32", "tf32", "bfloat16"])
    parser.add_argument("--batch", type=int)
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--threads", type=int, default=2, help="of the processor")
    parser.add_argument("--warm-up", type=float, default=WARM_UP)
    parser.add_argument("--window", type=float, default=WINDOW)
    parser.add_argument("--windows", type=int, default=WINDOWS)
    parser.add_argument("workload", nargs="*", metavar="WORKLOAD", help=" ".join(names))
    options = parser.parse_args()
    unknown = set(options.workload) - set(names)
    if unknown:
        parser.error(f"no workload named {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    torch.set_num_threads(options.threads)
    tf32 = options.precision != "float32"
    torch.backends.cuda.matmul.allow_tf32 = tf32
    torch.backends.cudnn.allow_tf32 = tf32
    torch.backends.cudnn.benchmark = options.tuned
    device = torch.device(options.device)
    stopwatch = Stopwatch(device, options.warm_up, options.window, options.windows)
    bench = Bench(options, stopwatch)
    for workload in options.workload or names:
        name = torch.cuda.get_device_name() if device.type == "cuda" else "cpu"
        report(workload, "backend", f'text="{name}, PyTorch {torch.__version__}"')
        bench.run(workload)


if __name__ == "__main__":
    sys.exit(main())
