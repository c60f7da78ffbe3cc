package stdlib

import "strings"

// absent says of modules that scripts ask for and that are not here why, and
// what serves instead.
var absent = map[string]string{"urllib3": noNetwork, "ftplib": noNetwork,
	"smtplib": noNetwork, "aiohttp": noNetwork, "httpx": noNetwork, "wandb": noNetwork, "pty": noProcesses, "fcntl": noProcesses,
	"dill": noPickle, "cloudpickle": noPickle, "shelve": noPickle, "joblib": noPickle,
	"torch": onlyMLX, "torchvision": onlyMLX, "tensorflow": onlyMLX, "jax": onlyMLX, "flax": onlyMLX, "keras": onlyMLX, "sklearn": onlyMLX,
	"matplotlib": noPlots, "seaborn": noPlots, "plotly": noPlots, "cv2": noPlots, "imageio": noPlots, "tkinter": noPlots,
	"pandas":   "read tables with csv or numpy.loadtxt",
	"datasets": localFiles,
	"mlx_lm":   localFiles,
	"cffi":     "scripts call no native code",
	"sqlite3":  "json and csv are there",
	"pdb":      "the prompt runs a script's functions: mlxstar -i",
	"dis":      "scripts are compiled as a whole",
}

const (
	noNetwork   = "scripts have no network; read a local file"
	noProcesses = "scripts start no processes and see no signals"
	noPickle    = "pickle is there, and reads what is harmless"
	onlyMLX     = "the arrays here are those of mlx.core and numpy"
	noPlots     = "there is nothing to draw on; write the numbers to a file"
	localFiles  = "load a local directory with json and mx.load"
)

// Advice says why a module is not here and what serves instead, or is empty.
func Advice(name string) string {
	top, _, _ := strings.Cut(name, ".")
	return absent[top]
}
