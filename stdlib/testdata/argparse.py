import argparse, sys, io, os
os.environ["COLUMNS"] = "80"
def run(p, argv):
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = so, se = io.StringIO(), io.StringIO()
    try:
        r = p.parse_args(argv)
    except SystemExit as e:
        r = "exit %s" % e.code
    except Exception as e:
        r = type(e).__name__ + ": " + str(e)
    sys.stdout, sys.stderr = out, err
    print(argv, r)
    for s in (so, se):
        if s.getvalue(): print(s.getvalue(), end="")
p = argparse.ArgumentParser(prog="train", description="Train a model on some data, and report on the accuracy that it reaches on the test set.", epilog="See the docs for more.")
p.add_argument("data", help="where the data is")
p.add_argument("out", nargs="?", default="o.txt", help="output (default: %(default)s)")
p.add_argument("-e", "--epochs", type=int, default=10, metavar="N", help="number of epochs, which should be neither too small nor too large for the data at hand")
p.add_argument("--lr", type=float, default=1e-3, help="learning rate")
p.add_argument("-v", "--verbose", action="store_true", help="say more")
p.add_argument("-q", action="count", default=0)
p.add_argument("--mode", choices=["train", "test"], default="train", help="what to do")
p.add_argument("--no-cache", dest="cache", action="store_false")
p.add_argument("--a-very-long-option-name", help="wraps")
p.add_argument("--sizes", nargs="+", type=int)
p.add_argument("--pair", nargs=2, metavar=("A", "B"))
p.add_argument("--version", action="version", version="%(prog)s 1.2")
print(p.format_help()); print(p.format_usage())
for argv in [["d"], [], ["d", "x", "--epochs", "3", "-vqq"], ["d", "--epochs=5", "--lr", "0.5"], ["d", "-e7"], ["d", "--epochs", "x"], ["d", "--mode", "bad"], ["d", "--bogus", "1"], ["d", "--ep", "2"], ["d", "--lr"], ["d", "--sizes"], ["d", "--sizes", "1", "2", "--pair", "x", "y"], ["d", "--pair", "x"], ["--version"], ["-h"], ["d", "-x"], ["d", "--verbose=1"], ["d", "e", "f"], ["--no-cache", "d"], ["-v", "d", "--", "-z"], ["d", "--lr", "-1.5"], ["d", "-5"], ["--v", "d"], ["d", "-vx"]]:
    run(p, argv)
p = argparse.ArgumentParser(prog="p")
g = p.add_mutually_exclusive_group(required=True)
g.add_argument("-a", action="store_true"); g.add_argument("-b", type=int)
h = p.add_argument_group("extra things", "What these are for.")
h.add_argument("--tag", action="append", help="may be repeated")
h.add_argument("--const", action="store_const", const=9); h.add_argument("--opt", nargs="?", const="C", default="D")
h.add_argument("--flag", action=argparse.BooleanOptionalAction, default=True, help="a flag")
h.add_argument("--more", action="extend", nargs="*"); h.add_argument("--hidden", help=argparse.SUPPRESS); h.add_argument("--req", required=False, type=lambda s: s.upper())
p.add_argument("rest", nargs="*")
print(p.format_help())
for argv in [[], ["-a"], ["-a", "-b", "1"], ["-b", "2", "--tag", "x", "--tag=y", "r1", "r2"], ["-a", "--const", "--opt"], ["-a", "--opt", "z", "--no-flag"], ["-a", "--more", "1", "2", "--more", "3"], ["-a", "--req", "up"], ["r", "-a", "s"]]:
    run(p, argv)
p = argparse.ArgumentParser(prog="git", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
p.add_argument("--depth", type=int, default=3, help="how deep")
sub = p.add_subparsers(dest="cmd", required=True, help="the commands")
c = sub.add_parser("clone", help="clone a repo", aliases=["cl"], description="Clone."); c.add_argument("url"); c.add_argument("--bare", action="store_true"); c.set_defaults(func="do_clone")
d = sub.add_parser("push", help="push it"); d.add_argument("-f", "--force", action="store_true")
print(p.format_help()); print(c.format_help())
for argv in [["clone", "u", "--bare"], ["cl", "u"], ["--depth", "1", "push", "-f"], [], ["pull"], ["clone"], ["push", "extra"]]:
    run(p, argv)
print(p.parse_known_args(["push", "--zzz", "q"]))
n = argparse.Namespace(a=1, b="x"); print(n, n == argparse.Namespace(a=1, b="x"), "a" in n, vars(n))
p = argparse.ArgumentParser(prog="x", usage="%(prog)s [things]", add_help=False, argument_default=argparse.SUPPRESS, formatter_class=argparse.RawDescriptionHelpFormatter, description="keep\n  this\n as is")
p.add_argument("--foo"); p.add_argument("--n", type=int, default="7"); p.add_argument("--t", type=argparse.FileType("r"))
print(p.format_help()); run(p, []); run(p, ["--foo", "1"]); run(p, ["--t", "nofile"])
class Up(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None): setattr(namespace, self.dest, (values.upper(), option_string))
def even(s):
    if int(s) % 2: raise argparse.ArgumentTypeError(f"{s} is odd")
    return int(s)
p = argparse.ArgumentParser(prog="y"); p.add_argument("--up", action=Up); p.add_argument("--even", type=even); p.add_argument("cmd"); p.add_argument("args", nargs=argparse.REMAINDER)
for argv in [["--up", "a", "c"], ["--even", "3", "c"], ["--even", "4", "c", "--x", "1"]]: run(p, argv)
long = argparse.ArgumentParser(prog="prog")
for i in range(12): long.add_argument(f"--option-{i}", required=i % 5 == 0)
long.add_argument("first"); long.add_argument("second", nargs="+")
print(long.format_usage())
try: long.add_argument("--option-1")
except argparse.ArgumentError as e: print(e)
q = argparse.ArgumentParser(prog="q", exit_on_error=False); q.add_argument("--i", type=int)
try: q.parse_args(["--i", "z"])
except argparse.ArgumentError as e: print("raised", e)
base = argparse.ArgumentParser(add_help=False); base.add_argument("--base", default=1, type=int)
print(argparse.ArgumentParser(prog="z", parents=[base]).parse_args(["--base", "4"]))
