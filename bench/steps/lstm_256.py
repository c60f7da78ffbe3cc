# with recurrent
train_cell(nn.LSTM, 256)
