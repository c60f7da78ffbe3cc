# Hostfiles, as mlx._distributed_utils reads them.
import json
import os
import tempfile

from mlx._distributed_utils.common import Host, Hostfile, positive_number
from mlx._distributed_utils.launch import launch_jaccl, launch_ring, main

hosts = Hostfile.from_list("a,10.0.0.1,fe80::1,300.1.1.1", 2)
print([(h.rank, h.ssh_hostname, h.ips) for h in hosts.hosts])
print(hosts.to_json()["hosts"][2])
folder = tempfile.mkdtemp()


def read(text):
    path = os.path.join(folder, "hosts.json")
    with open(path, "w") as f:
        f.write(text)
    return Hostfile.from_file(path)


print(read(json.dumps(hosts.to_json())) == hosts)
print(read('[{"ssh": "a"}]'))
print(read('{"backend": "ring", "envs": ["A=1"], "hosts": [{"ssh": "a", "ips": ["1.2.3.4"], "rdma": [null]}]}'))
for wrong in (
    lambda: read("{}"),
    lambda: read('[{"ips": []}]'),
    lambda: Hostfile.from_file(os.path.join(folder, "none")),
    lambda: Hostfile.from_list("a,,b"),
    lambda: positive_number("0"),
):
    try:
        wrong()
    except ValueError as e:
        print(str(e).replace(folder, "FOLDER"))
print(positive_number("3"), Host(0, "a", [], []))
