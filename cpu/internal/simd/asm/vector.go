package main

func vector() {
	c := make(constants)
	arithmetic(c)
	functions(c)
	folds(c)
	conversions(c)
	threefry(c)
}
