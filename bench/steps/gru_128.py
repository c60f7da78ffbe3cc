# with recurrent
train_cell(nn.GRU, 128)
