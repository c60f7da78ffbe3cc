"""What programs that start others use of MLX's launcher."""
