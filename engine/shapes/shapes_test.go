package shapes

import (
	"fmt"
	"testing"
)

func TestBroadcast(t *testing.T) {
	for _, c := range []struct {
		shapes [][]int
		want   string
	}{
		{nil, "[] true"},
		{[][]int{{2, 1}, {3}}, "[2 3] true"},
		{[][]int{{0}, {1}}, "[0] true"},
		{[][]int{{2}, {3}}, "[] false"},
		{[][]int{{4, 1, 5}, {1, 3, 1}, {}}, "[4 3 5] true"},
	} {
		out, ok := Broadcast(c.shapes...)
		if got := fmt.Sprint(out, ok); got != c.want {
			t.Errorf("%v: got %s, want %s", c.shapes, got, c.want)
		}
	}
}

// Elements read by broadcast strides are those of the axes that were there.
func TestBroadcastStrides(t *testing.T) {
	for _, c := range []struct {
		shape, to []int
		want      string
	}{
		{[]int{2, 3}, []int{2, 3}, "[3 1]"},
		{[]int{3}, []int{2, 3}, "[0 1]"},
		{[]int{2, 1}, []int{2, 3}, "[1 0]"},
		{nil, []int{4}, "[0]"},
	} {
		if got := fmt.Sprint(BroadcastStrides(c.shape, RowMajor(c.shape), c.to)); got != c.want {
			t.Errorf("%v as %v: got %s, want %s", c.shape, c.to, got, c.want)
		}
	}
}

func TestReshapeStrides(t *testing.T) {
	for _, c := range []struct {
		shape, strides, to []int
		want               string
	}{
		{[]int{2, 3}, []int{3, 1}, []int{6}, "[1] true"},
		{[]int{2, 3}, []int{1, 2}, []int{6}, "[] false"},
		{[]int{2, 3}, []int{1, 2}, []int{2, 3, 1}, "[1 2 2] true"},
		{[]int{4, 3}, []int{1, 4}, []int{2, 2, 3}, "[2 1 4] true"},
		{[]int{0, 3}, []int{1, 4}, []int{3, 0}, "[0 1] true"},
	} {
		out, ok := ReshapeStrides(c.shape, c.strides, c.to)
		if got := fmt.Sprint(out, ok); got != c.want {
			t.Errorf("%v by %v as %v: got %s, want %s", c.shape, c.strides, c.to, got, c.want)
		}
	}
}

func TestAxis(t *testing.T) {
	for axis, want := range map[int]string{0: "0 true", -1: "1 true", -2: "0 true", 2: "2 false", -3: "-1 false"} {
		at, ok := Axis(axis, 2)
		if got := fmt.Sprint(at, ok); got != want {
			t.Errorf("axis %d of 2: got %s, want %s", axis, got, want)
		}
	}
}
