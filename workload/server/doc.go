// Package server runs the jobs of a workload on request, over HTTP:
//
//	POST /jobs/NAME   runs a job with the inputs of the body, and answers with its result
//	GET  /jobs        lists the jobs
//	GET  /healthz     answers 200 while the process lives
//	GET  /readyz      answers 200 while runs are accepted, 503 once the server drains
//	GET  /metrics     counts runs, memory and waiting, in Prometheus's text format
//
// A body is a JSON object of inputs by name (application/json), tensors by name
// (application/x-safetensors), or one array (application/x-npy) or text (text/plain), which
// is the input that the query's input names, or the job's only one. The answer is JSON, or
// with Accept: application/x-npy or application/x-safetensors the result's arrays, or with
// text/event-stream events as they come: output, item (of a result that is a generator),
// result and run.
//
// The package promises no stability yet.
package server
