"""Runs programs for the benchmark: a line of JSON in, a line of JSON out."""
import json
import sys
import time


def base(kind):
    if kind == "mlx":
        import mlx.core as mx

        return {"mx": mx}, "MLX " + mx.__version__
    import numpy as np

    env = {"np": np, "rng": np.random.default_rng(0)}
    if kind == "numpy":
        return env, "NumPy " + np.__version__
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_platforms", "cpu")
    env.update(jax=jax, jnp=jnp)
    return env, "JAX " + jax.__version__


def measure(step, seconds, least, most, pause):
    step()
    times = []
    end = time.perf_counter() + seconds
    while len(times) < least or (len(times) < most and time.perf_counter() < end):
        time.sleep(pause)
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return times


def resident():
    """The most memory that this process held; what it began as does not count."""
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main():
    given, version = base(sys.argv[1])
    print(json.dumps({"version": version}), flush=True)
    for line in sys.stdin:
        row = json.loads(line)
        env = dict(given)
        try:
            exec(row["setup"], env)
            exec(row["body"], env)
            out = {"times": measure(env["step"], row["seconds"], row["least"], row["most"], row.get("pause", 0))} if "step" in env else {"times": []}
            out["resident"] = resident()
            out["result"] = env.get("result")
        except Exception as e:
            out = {"error": f"{type(e).__name__}: {e}"}
        env = None
        print(json.dumps(out), flush=True)


main()
