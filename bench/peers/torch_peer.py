"""PyTorch, eager or compiled: `python torch_peer.py eager|compile WORKLOAD [EPOCHS]` (TORCH_THREADS sets the threads)."""
import os
import sys
import time

import torch
from torch import nn
from workloads import load, report

mode, workload = sys.argv[1], sys.argv[2]
epochs = int(sys.argv[3]) if len(sys.argv) > 3 else 4
torch.set_num_threads(int(os.environ.get("TORCH_THREADS", "2")))
x, y, batch = load(workload)
x, y = torch.tensor(x), torch.tensor(y).long()
lossf = nn.CrossEntropyLoss()
if workload == "guide":
    model = nn.Sequential(nn.Linear(784, 10), nn.Sigmoid(), nn.Linear(10, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
elif workload == "mlp":
    model = nn.Sequential(
        nn.Linear(784, 512),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Linear(512, 512),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Linear(512, 10),
    )
    optimizer = torch.optim.Adam(model.parameters())
elif workload == "cnn":
    x = x.reshape(-1, 1, 28, 28)
    model = nn.Sequential(
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
    optimizer = torch.optim.Adam(model.parameters())
elif workload == "tabular":
    model = nn.Sequential(nn.Linear(30, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
    optimizer = torch.optim.Adam(model.parameters())
    lossf, y = nn.BCEWithLogitsLoss(), y.float()[:, None]
forward = torch.compile(model) if mode == "compile" else model
times, losses = [], []
for _ in range(epochs):
    begin, total = time.perf_counter(), 0.0
    order = torch.randperm(len(x))
    for i in range(0, len(x), batch):
        pick = order[i : i + batch]
        optimizer.zero_grad()
        loss = lossf(forward(x[pick]), y[pick])
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(pick)
    losses.append(float(total) / len(x))
    times.append(time.perf_counter() - begin)
model.eval()
with torch.inference_mode():
    one = x[:1]
    probability = torch.sigmoid if workload == "tabular" else lambda z: torch.softmax(z, 1)
    probability(forward(one))
    begin = time.perf_counter()
    for _ in range(200):
        probability(forward(one))
    predict_one = (time.perf_counter() - begin) / 200
report("torch-" + mode, workload, times, losses, predict_one, threads=torch.get_num_threads())
