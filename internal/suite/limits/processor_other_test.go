//go:build !unix

package limits

import "time"

var began = time.Now()

// processorTime is time that has passed: this system does not tell what was used of it.
func processorTime() time.Duration { return time.Since(began) }
