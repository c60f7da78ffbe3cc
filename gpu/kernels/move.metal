
// Tiles describes a matrix, one of a stack, whose rows lie in order in the output,
// and whose columns do in the input; steps are the distances between the others.
struct Tiles {
  ulong items; // threadgroups
  uint across; // along the grid's first axis
  uint tiles_across, tiles_down;
  uint rows, columns, unused;
  long in_step, out_step;
};
